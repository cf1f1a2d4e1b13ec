import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** As most Dockerfiles: packages are installed from a file that names them, then the source is copied and compiled. */
const dockerfile = (megabytes) => `FROM busybox
WORKDIR /app
COPY packages.txt .
RUN mkdir packages && for i in $(seq 400); do cat packages.txt > packages/$i; done && head -c ${megabytes}000000 /dev/urandom > packages/all
COPY source source
RUN cat source/* > program
`;
const FILES = 200;

/** Makes the folder of a service, whose packages take so much. Those of different names share no content. */
export function createAppContext(context, name, { megabytes = 20 } = {}) {
  mkdirSync(join(context, 'source'), { recursive: true });
  writeFileSync(join(context, 'Dockerfile'), dockerfile(megabytes));
  const change = (file, edition) => writeFileSync(join(context, file), `${name} ${edition} ${file}\n`.repeat(50));
  change('packages.txt', 0);
  for (let file = 0; file < FILES; file++) change(`source/${file}.txt`, 0);
  let edition = 0;
  return {
    context,
    changeSource: () => change('source/7.txt', ++edition),
    changePackages: () => change('packages.txt', ++edition),
  };
}

/** Writes a convox.yml with services that are each built from a folder. */
export function writeManifest(folder, services) {
  const lines = services.map((service) => `  ${service}: {build: ./${service}}\n`);
  writeFileSync(join(folder, 'convox.yml'), `services:\n${lines.join('')}`);
}
