import type { DeliveryRecord } from '@convox-builds/store';

type Described = Pick<DeliveryRecord, 'event' | 'app' | 'outcome' | 'facts'>;

const MAX_REASON_LENGTH = 1000;
const MARKS = { start: '⏳', success: '✅', error: '❌' } as const;

const VERBS: Readonly<Record<DeliveryRecord['event'], Readonly<Record<DeliveryRecord['outcome'], string>>>> = {
  'build:create': { start: 'is being built', success: 'was built', error: 'was not built' },
  'release:create': { start: 'gets a release', success: 'has a new release', error: 'got no release' },
  'release:promote': { start: 'is being promoted', success: 'was promoted', error: 'was not promoted' },
  'app:delete': { start: 'is being deleted', success: 'was deleted', error: 'was not deleted' },
};

/** The three characters that mean something to Slack ("Formatting text for app surfaces"). */
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function listDetails({ facts }: Described): string[] {
  const { id = '', git_branch: branch = '', git_sha: sha = '', actor = '', description = '' } = facts;
  const commit = [branch, sha.slice(0, 12)].filter((part) => part !== '').join(' ');
  return [id, commit, actor === '' ? '' : `by ${actor}`, description].filter((part) => part !== '').map(escape);
}

/** The body of a delivery to Slack, or to whoever takes what Slack takes ("Sending messages using incoming webhooks"). */
export function describeForSlack(delivery: Described, { rackName }: { rackName: string }): string {
  const { event, app, outcome, facts } = delivery;
  const title = `${MARKS[outcome]} *${escape(app)}* ${VERBS[event][outcome]} on ${escape(rackName)}`;
  const reason = (facts.message ?? '').slice(0, MAX_REASON_LENGTH);
  const lines = [title, listDetails(delivery).join(' · '), reason === '' ? '' : `> ${escape(reason)}`];
  const text = lines.filter((line) => line !== '').join('\n');
  return JSON.stringify({ text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] });
}
