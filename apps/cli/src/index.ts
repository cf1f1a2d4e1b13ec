export { main } from './main.js';
export { type PackedSource, type PackOptions, packSource } from './pack/pack-source.js';
