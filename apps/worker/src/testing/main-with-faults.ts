import { readFaultPoint } from '@convox-builds/testing';

import { startWorker } from '../start-worker.js';
import { addFaultPoints } from './add-fault-points.js';

// A worker as in production, but that it fails where the variable FAULT says.
const reach = readFaultPoint();
await startWorker({ adaptParts: (parts) => addFaultPoints(parts, reach) });
