import { findFreePort } from '../free-port.js';
import { spawnService } from '../spawn-service.js';
import { findTool } from '../tools.js';
import { waitUntil } from '../wait-until.js';

/** The region that the tests of AWS are in. */
export const REGION = 'us-east-1';

/** What moto knows of a repository (Amazon ECR API Reference, "Repository"). */
export interface TestRepository {
  readonly repositoryName: string;
  readonly imageTagMutability: string;
  readonly imageTagMutabilityExclusionFilters?: readonly { readonly filter: string }[];
  readonly imageScanningConfiguration: { readonly scanOnPush: boolean };
}

/** An imitation of AWS. */
export interface Moto {
  readonly url: string;
  /** Asks ECR, as nobody in particular: nothing is checked. */
  readonly ask: (action: string, input: object) => Promise<{ readonly status: number; readonly body: object }>;
  readonly findRepository: (name: string) => Promise<TestRepository | undefined>;
  readonly stop: () => Promise<void>;
}

const ANYBODY = `AWS4-HMAC-SHA256 Credential=ANYBODY/20260101/${REGION}/ecr/aws4_request, SignedHeaders=host, Signature=none`;

/** Starts the real moto on a free port. It knows the control plane of ECR, and has no registry. */
export async function startMoto(): Promise<Moto> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const service = await spawnService(findTool('moto_server'), ['--host', '127.0.0.1', '--port', String(port)]);
  const isUp = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  await waitUntil(isUp, { what: `moto is up: ${service.output()}`, timeoutMs: 30_000 });
  const ask: Moto['ask'] = async (action, input) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: ANYBODY,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonEC2ContainerRegistry_V20150921.${action}`,
      },
      body: JSON.stringify(input),
    });
    return { status: response.status, body: (await response.json()) as object };
  };
  return {
    url,
    ask,
    findRepository: async (name) => {
      const { status, body } = await ask('DescribeRepositories', { repositoryNames: [name] });
      return status === 200 ? (body as { repositories: TestRepository[] }).repositories[0] : undefined;
    },
    stop: () => service.stop('SIGKILL'),
  };
}
