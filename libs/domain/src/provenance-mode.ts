/**
 * What an image says of how it was made:
 *
 * - `off`: nothing
 * - `min`: from which images, by which Dockerfile and stage; no build arguments
 * - `max`: also build arguments, the Dockerfile and each step
 */
export const PROVENANCE_MODES = ['off', 'min', 'max'] as const;
