import { z } from 'zod';

import type { S3Settings } from './s3/s3-settings.js';

const MAX_PATIENCE_SECONDS = 3600;

/** The prefix is `''`, or it ends with `/`. */
type S3Place = { readonly bucket: string; readonly prefix: string };

/** Names of buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const PLACE = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/((?:[\w.=-]+\/)*[\w.=-]+)?\/?)?$/;

const placeSchema = z.string().transform((text, context): S3Place => {
  const [, bucket, folder] = PLACE.exec(text) ?? [];
  if (bucket !== undefined && !folder?.split('/').some((part) => /^\.+$/.test(part)))
    return { bucket, prefix: folder === undefined ? '' : `${folder}/` };
  context.addIssue('expected s3://bucket or s3://bucket/folder');
  return z.NEVER;
});

const endpointSchema = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'expected a URL with http or https')
  .refine((text) => !/@/.test(text), 'expected a URL without a password: S3_ACCESS_KEY_ID is for that')
  .optional();

const booleanSchema = z.enum(['true', 'false']).optional();

/** The environment variables that say where objects are kept: a folder, or a bucket. */
export const objectStorageVariables = {
  OBJECTS_FOLDER: z.string().min(1).optional(),
  /** `s3://bucket/folder` instead of a folder of the machine. */
  OBJECTS_URL: placeSchema.optional(),
  /** Where S3 is, unless it is Amazon's. */
  S3_ENDPOINT: endpointSchema,
  /** Where clients reach it, unless it is the same; uploads do not pass through the rack there. */
  S3_PUBLIC_ENDPOINT: endpointSchema,
  S3_REGION: z.string().min(1).optional(),
  AWS_REGION: z.string().min(1).optional(),
  /** Bucket in the path and not in the host's name; by default where there is an endpoint of one's own. */
  S3_PATH_STYLE: booleanSchema,
  /** Without these two: the AWS SDK's own chain, such as the role of the service account. */
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  /** How S3 is told to encrypt; by default as the bucket has it. */
  S3_SSE: z.enum(['AES256', 'aws:kms']).optional(),
  S3_SSE_KMS_KEY_ID: z.string().min(1).optional(),
  /** Whether clients send sources straight to S3. */
  S3_DIRECT_UPLOADS: booleanSchema,
  /** How long a request is repeated while S3 is away. */
  S3_PATIENCE_SECONDS: z.coerce.number().positive().max(MAX_PATIENCE_SECONDS).default(60),
};

const variablesSchema = z.object(objectStorageVariables);
type Variables = z.output<typeof variablesSchema>;

/** Where objects are kept. */
export type ObjectStorageSettings =
  | { readonly kind: 'disk'; readonly folder: string }
  | ({ readonly kind: 's3' } & S3Settings);

function credentialsOf({ S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey }: Variables) {
  return accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey };
}

function encryptionOf({ S3_SSE: kind, S3_SSE_KMS_KEY_ID: keyId }: Variables): S3Settings['encryption'] {
  return kind === 'aws:kms' ? { kind, ...(keyId === undefined ? {} : { keyId }) } : kind && { kind };
}

function s3SettingsFrom(variables: Variables, { bucket, prefix }: S3Place): S3Settings {
  const { S3_ENDPOINT: endpoint, S3_PUBLIC_ENDPOINT: publicEndpoint = endpoint, S3_PATH_STYLE } = variables;
  return {
    bucket,
    prefix,
    endpoint,
    publicEndpoint,
    region: variables.S3_REGION ?? variables.AWS_REGION ?? 'us-east-1',
    isPathStyle: S3_PATH_STYLE === undefined ? endpoint !== undefined : S3_PATH_STYLE === 'true',
    credentials: credentialsOf(variables),
    encryption: encryptionOf(variables),
    isUploadedDirectly: variables.S3_DIRECT_UPLOADS !== 'false',
    patienceMs: variables.S3_PATIENCE_SECONDS * 1000,
  };
}

/** Names the variables as the code does. What does not go together is an issue of the context. */
export function objectStorageSettings(variables: Variables, context: z.RefinementCtx): ObjectStorageSettings {
  const refuse = (path: keyof Variables, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  const { OBJECTS_FOLDER: folder, OBJECTS_URL: place } = variables;
  if (folder === undefined && place === undefined) refuse('OBJECTS_FOLDER', 'is needed, unless OBJECTS_URL is set');
  if (folder !== undefined && place !== undefined) refuse('OBJECTS_URL', 'cannot be set together with OBJECTS_FOLDER');
  if ((variables.S3_ACCESS_KEY_ID === undefined) !== (variables.S3_SECRET_ACCESS_KEY === undefined))
    refuse('S3_SECRET_ACCESS_KEY', 'is needed with S3_ACCESS_KEY_ID, and the other way round');
  if (variables.S3_SSE_KMS_KEY_ID !== undefined && variables.S3_SSE !== 'aws:kms')
    refuse('S3_SSE_KMS_KEY_ID', 'is for S3_SSE=aws:kms');
  return place === undefined
    ? { kind: 'disk', folder: folder ?? '' }
    : { kind: 's3', ...s3SettingsFrom(variables, place) };
}

/** Reads the settings of an object storage alone. */
export const objectStorageSchema = variablesSchema.transform(objectStorageSettings);
