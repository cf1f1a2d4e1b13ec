import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

import type { Logger } from '../create-logger.js';

/** Tells in the log when traces cannot be delivered any more, and when they can be again: not for each batch. */
export function reportDelivery(exporter: SpanExporter, logger: Logger): SpanExporter {
  let isWell = true;
  return {
    export: (spans, onResult) =>
      exporter.export(spans, (result) => {
        const isDelivered = result.code === ExportResultCode.SUCCESS;
        if (isWell && !isDelivered)
          logger.warn({ err: result.error }, 'Cannot deliver traces, dropping them until the collector takes them');
        if (!isWell && isDelivered) logger.info('Traces are delivered again');
        isWell = isDelivered;
        onResult(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
