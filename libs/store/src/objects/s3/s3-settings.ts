/** How objects are encrypted where they are kept. */
export type S3Encryption = { readonly kind: 'AES256' } | { readonly kind: 'aws:kms'; readonly keyId?: string };

/** Where a bucket is, and who we are there. */
export interface S3Settings {
  readonly bucket: string;
  /** What is put before every key: `''`, or it ends with `/`. */
  readonly prefix: string;
  /** `undefined`: Amazon's, of the region. */
  readonly endpoint: string | undefined;
  /** Where clients reach it. */
  readonly publicEndpoint: string | undefined;
  readonly region: string;
  /** Whether the bucket is named in the path and not in the host's name. */
  readonly isPathStyle: boolean;
  /** `undefined`: what the SDK finds, such as the role of a service account. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** `undefined`: as the bucket has it. */
  readonly encryption: S3Encryption | undefined;
  /** Whether clients may send contents straight to S3. */
  readonly isUploadedDirectly: boolean;
  /** How long a request is repeated while S3 is away. */
  readonly patienceMs: number;
}
