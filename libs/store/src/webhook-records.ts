import type { WebhookEvent, WebhookFormat } from '@convox-builds/domain';

/** Somebody who is told of events. */
export interface WebhookRecord {
  readonly id: string;
  readonly url: string;
  /** The app whose events are meant; `null` for all apps. */
  readonly app: string | null;
  readonly events: readonly WebhookEvent[];
  readonly format: WebhookFormat;
  readonly createdAt: Date;
}

/** How far a delivery has come; the last two are final until somebody asks for it again. */
export type DeliveryState = 'pending' | 'delivered' | 'failed';

/** An event on its way to one webhook, as stored. */
export interface DeliveryRecord {
  readonly id: string;
  readonly webhookId: string;
  readonly event: WebhookEvent;
  readonly app: string;
  readonly outcome: 'start' | 'success' | 'error';
  readonly facts: Readonly<Record<string, string>>;
  readonly state: DeliveryState;
  readonly tries: number;
  /** It is not sent before. */
  readonly notBefore: Date;
  /** HTTP status of the last answer; `null` when there was none. */
  readonly answerStatus: number | null;
  /** First bytes of the last answer. */
  readonly answer: string;
  /** Of the last try. */
  readonly durationMs: number | null;
  /** Why the last try did not deliver it. */
  readonly reason: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}
