import { runProcess } from '@convox-builds/runtime';

import { startWorker } from './start-worker.js';

await runProcess(startWorker);
