import type { WebhookEvent, WebhookFormat } from '@convox-builds/domain';

import type { DeliveryState } from './webhook-records.js';

/** A row of `webhooks`. */
export interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly app: string | null;
  readonly events: WebhookEvent[];
  readonly secret: string;
  readonly format: WebhookFormat;
  readonly created_at: Date;
}

/** A row of `webhook_deliveries`. */
export interface DeliveryRow {
  readonly id: string;
  readonly webhook_id: string;
  readonly event: WebhookEvent;
  readonly app: string;
  readonly subject: string;
  readonly outcome: 'start' | 'success' | 'error';
  readonly facts: Readonly<Record<string, string>>;
  readonly state: DeliveryState;
  readonly tries: number;
  readonly owner: string;
  readonly lease_expires_at: Date | null;
  readonly not_before: Date;
  readonly answer_status: number | null;
  readonly answer: string;
  readonly duration_ms: number | null;
  readonly reason: string;
  readonly ordinal: string;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}
