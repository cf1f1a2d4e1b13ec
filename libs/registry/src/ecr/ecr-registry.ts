import { ECRClient } from '@aws-sdk/client-ecr';
import { parseEcrHost } from '@convox-builds/domain';

/** A registry of ECR, and who we are there. */
export interface EcrRegistry {
  /** `<account>.dkr.ecr.<region>.amazonaws.com` */
  readonly host: string;
  /** Default what AWS's programs find by themselves: the role of the pod, of the machine, or of the environment. */
  readonly accessKey?: EcrAccessKey | undefined;
  /** URL of the control plane; by default that of the host's region. */
  readonly endpoint?: string | undefined;
}

/** An access key of AWS. */
export interface EcrAccessKey {
  readonly id: string;
  readonly secret: string;
}

/** With the SDK's growing pauses, up to 20 seconds each, these take less than a minute. */
const MAX_ATTEMPTS = 5;

/** Makes a client of the control plane. What AWS limits (429, `ThrottlingException`) is waited out by it. */
export function createEcrClient({ host, accessKey, endpoint }: EcrRegistry): ECRClient {
  const place = parseEcrHost(host);
  return new ECRClient({
    maxAttempts: MAX_ATTEMPTS,
    ...(place === undefined ? {} : { region: place.region, useFipsEndpoint: place.isFips }),
    ...(accessKey === undefined
      ? {}
      : { credentials: { accessKeyId: accessKey.id, secretAccessKey: accessKey.secret } }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}
