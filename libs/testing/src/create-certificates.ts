import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a TLS server shows (PEM). */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

/** An authority that no machine knows, and certificates of servers. */
export interface TestCertificates {
  /** File with the authority's certificate. */
  readonly caFile: string;
  /** Of `127.0.0.1`, from the authority. */
  readonly trusted: TestCertificate;
  /** Of `other.test`, from the authority. */
  readonly ofAnotherHost: TestCertificate;
  /** Of `127.0.0.1`, from nobody. */
  readonly selfSigned: TestCertificate;
}

/** Makes an authority and certificates in a folder. */
export async function createCertificates(folder: string): Promise<TestCertificates> {
  const path = (name: string) => join(folder, name);
  const keyArgs = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const selfSign = (name: string, ...more: readonly string[]) =>
    run(
      'openssl',
      ['req', '-x509', ...keyArgs, '-subj', `/CN=${name}`, ...more].concat([
        '-keyout',
        path(`${name}.key`),
        '-out',
        path(`${name}.crt`),
      ]),
    );
  const read = async (name: string) => ({
    key: await readFile(path(`${name}.key`), 'utf8'),
    cert: await readFile(path(`${name}.crt`), 'utf8'),
  });
  const issue = async (name: string, altName: string) => {
    await writeFile(path(`${name}.ext`), `subjectAltName=${altName}`);
    const [key, csr, crt] = ['key', 'csr', 'crt'].map((end) => path(`${name}.${end}`));
    await run('openssl', ['req', ...keyArgs, '-subj', `/CN=${name}`, '-keyout', `${key}`, '-out', `${csr}`]);
    const authority = ['-CA', path('authority.crt'), '-CAkey', path('authority.key'), '-CAcreateserial'];
    await run('openssl', [
      'x509',
      '-req',
      '-in',
      `${csr}`,
      ...authority,
      '-extfile',
      path(`${name}.ext`),
      '-out',
      `${crt}`,
    ]);
    return read(name);
  };
  await selfSign('authority');
  await selfSign('self-signed', '-addext', 'subjectAltName=IP:127.0.0.1');
  return {
    caFile: path('authority.crt'),
    trusted: await issue('trusted', 'IP:127.0.0.1'),
    ofAnotherHost: await issue('another', 'DNS:other.test'),
    selfSigned: await read('self-signed'),
  };
}
