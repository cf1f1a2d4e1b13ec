import type { PromotionState } from './records.js';

/** A row of `promotions`. */
export interface PromotionRow {
  readonly id: string;
  readonly app: string;
  readonly release_id: string;
  readonly actor: string;
  readonly workflow_job_id: string | null;
  readonly state: PromotionState;
  readonly reason: string;
  readonly tries: number;
  readonly owner: string;
  readonly lease_expires_at: Date | null;
  readonly not_before: Date;
  readonly ordinal: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
}
