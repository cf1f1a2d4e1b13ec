export { paxRecord, type TarBlock, writeTar, writeTgz } from './write-tar.js';
