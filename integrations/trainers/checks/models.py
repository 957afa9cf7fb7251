"""The tokenizer beside an export, and causal models that are random, tiny and the same on every run."""

from pathlib import Path

import torch
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedModel, PreTrainedTokenizerBase


def tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The one that the log was opened with, with its chat template."""
    return AutoTokenizer.from_pretrained(str(folder / "tokenizer"))


def tiny_model(vocabulary: int, longest: int = 1 << 17) -> PreTrainedModel:
    """A Llama of one layer and width 16, in float32, for ids below `vocabulary`."""
    torch.manual_seed(0)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocabulary,
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            num_key_value_heads=1,
            max_position_embeddings=longest,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=None,
        )
    )
