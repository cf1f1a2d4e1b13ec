import { dockerfileAttrs, type FrontendQuestion } from '@convox-builds/buildkit-client';

import type { ImageToBuild } from './image-to-build.js';
import { locateDockerfile } from './locate-dockerfile.js';

/** A question about an image's Dockerfile. */
export function dockerfileQuestion(
  { image, sessions, signal }: ImageToBuild,
  target: string | undefined = image.target,
): Omit<FrontendQuestion, 'requestId'> {
  const { args: buildArgs, platforms } = image;
  const { filename } = locateDockerfile(image);
  return {
    frontendAttrs: dockerfileAttrs({ filename, target, buildArgs, platforms }),
    session: sessions.of(image),
    signal,
  };
}
