import { BUILD_LANES } from '@convox-builds/domain';
import type { PromotionRow } from './promotion-rows.js';
import type { AppRecord, BuildRecord, PromotionRecord, ReleaseRecord } from './records.js';
import type { AppRow, BuildRow, ReleaseRow } from './tables.js';
import type { DeliveryRecord, WebhookRecord } from './webhook-records.js';
import type { DeliveryRow, WebhookRow } from './webhook-rows.js';

type CamelCase<Name> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Name;
type Renamed<Row> = { [Column in keyof Row as CamelCase<Column & string>]: Row[Column] };

const camelCase = (name: string) => name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** Renames a row's columns to a record's fields. */
export function recordFromRow<Row extends object>(row: Row): Renamed<Row> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [camelCase(name), value])) as Renamed<Row>;
}

/** A row of `builds`, without the columns that are the store's own business. */
export function buildFromRow(row: BuildRow): BuildRecord {
  const { log_seq: _seq, ordinal: _ordinal, lost_workers: _lost, admitted_to: _to, admitted_at: _at, ...rest } = row;
  const { noted_at: _noted, tagged_at: _tagged, next_tag_at: _next, lane, ...columns } = rest;
  return { ...recordFromRow(columns), lane: BUILD_LANES[lane] ?? 'automatic' };
}

/** A row of `apps`, without the columns that are the store's own business. */
export function appFromRow(row: AppRow): AppRecord {
  const { admitted_at: _at, ...columns } = row;
  return recordFromRow(columns);
}

/** A row of `releases`, without the columns that are the store's own business. */
export function releaseFromRow(row: ReleaseRow): ReleaseRecord {
  const { is_made_by_build: _isMade, ordinal: _ordinal, ...columns } = row;
  return recordFromRow(columns);
}

/** A row of `promotions`, without the columns that are the store's own business. */
export function promotionFromRow(row: PromotionRow): PromotionRecord {
  const { owner: _owner, lease_expires_at: _lease, not_before: _due, ordinal: _ordinal, ...columns } = row;
  return recordFromRow(columns);
}

/** A row of `webhook_deliveries`, without the columns that are the store's own business. */
export function deliveryFromRow(row: DeliveryRow): DeliveryRecord {
  const { owner: _owner, lease_expires_at: _lease, subject: _subject, ordinal: _ordinal, ...columns } = row;
  return recordFromRow(columns);
}

/** A row of `webhooks`, without its secret. */
export function webhookFromRow(row: WebhookRow): WebhookRecord {
  const { secret: _secret, ...columns } = row;
  return recordFromRow(columns);
}

/** The one row that an insert gives back. */
export function insertedRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new TypeError('Cannot read the inserted row: the database gave none back');
  return row;
}
