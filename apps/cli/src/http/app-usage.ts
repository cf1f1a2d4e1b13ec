import { decodeObject, type JsonObject, textField } from './decode.js';

/** What the builds of an app take. */
export interface AppUsage {
  readonly json: JsonObject;
  readonly app: string;
  readonly builds: number;
  readonly releases: number;
  /** Different ones. */
  readonly images: number;
  readonly imageBytes: number;
  readonly logBytes: number;
}

export function decodeAppUsage(value: unknown): AppUsage {
  const json = decodeObject(value);
  return {
    json,
    app: textField(json, 'app'),
    builds: Number(json['builds']),
    releases: Number(json['releases']),
    images: Number(json['images']),
    imageBytes: Number(json['image-bytes']),
    logBytes: Number(json['log-bytes']),
  };
}
