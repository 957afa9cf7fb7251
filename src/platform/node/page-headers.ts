/** The headers of every answer of the page's server, errors included. */

/** What SharedArrayBuffer needs. */
export const ISOLATION: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Devices and sensors that the page never asks for, whatever runs in it. */
const UNUSED =
  'camera microphone geolocation accelerometer gyroscope magnetometer midi usb serial hid bluetooth payment display-capture ' +
  'screen-wake-lock publickey-credentials-get idle-detection';

export function strictHeaders(): Readonly<Record<string, string>> {
  return {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': UNUSED.split(' ')
      .map((name) => `${name}=()`)
      .join(', '),
  };
}
