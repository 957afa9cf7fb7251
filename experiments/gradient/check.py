"""Is the backward pass right? A tiny policy against differences of its loss; ends with 1 where a group of weights is off."""

import sys

import policy as model
import numpy as np

STEP, LIMIT = 3e-3, 2e-2


def main():
    random, shape = np.random.default_rng(0), model.Shape(60, width=16, layers=2, inner=12)
    policy = model.Policy.random(shape, 1)
    ids, weight = random.integers(0, 60, 300), (random.random(300) < 0.3) * random.random(300)
    gradient = np.zeros(shape.size, np.float32)
    policy.loss_gradient(ids, weight, gradient)
    worst = 0.0
    for name, view in shape.views(gradient).items():
        direction = np.zeros(shape.size, np.float32)
        # Along the gradient of one group of weights: the largest difference there is.
        shape.views(direction)[name][...] = view / np.linalg.norm(view)
        up, down = (
            model.Policy(shape, policy.vector + sign * STEP * direction).loss_gradient(ids, weight, np.zeros_like(gradient))
            for sign in (1, -1)
        )
        worst = max(worst, abs((up - down) / 2 / STEP / float(np.linalg.norm(view)) - 1))
    sys.exit(f"the backward pass is off by {worst:.2%}" if worst > LIMIT else 0)


if __name__ == "__main__":
    main()
