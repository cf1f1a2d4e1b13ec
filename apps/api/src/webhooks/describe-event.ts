import { formatTime } from '@convox-builds/api-contract';
import type { DeliveryRecord } from '@convox-builds/store';

/** The body of a delivery, as Convox's racks send events (`provider/k8s/event.go`); it is the same in every try. */
export function describeEvent(delivery: DeliveryRecord, { rackName }: { rackName: string }): string {
  const { event, facts, outcome, createdAt } = delivery;
  return JSON.stringify({
    action: event,
    data: { ...facts, rack: rackName },
    status: outcome,
    timestamp: formatTime(createdAt),
  });
}
