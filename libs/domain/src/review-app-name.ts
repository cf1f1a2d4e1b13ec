/** Names of apps that may have apps for reviews are no longer: ten digits of a number have room behind them. */
export const MAX_REVIEWED_APP_LENGTH = 45;

/** Names the app that a pull request of an app gets: `shop-review-7`. */
export function reviewAppName(app: string, pullRequest: number): string {
  return `${app}-review-${pullRequest}`;
}
