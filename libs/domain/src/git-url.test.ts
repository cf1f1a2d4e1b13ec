import test from 'ava';
import fc from 'fast-check';

import { isGitRef } from './git-ref.js';
import { formatGitUrl, gitServerName, isGitServerName, parseGitUrl } from './git-url.js';

const READ = [
  ['https://host/user/project.git', 'https host 443 https://host/user/project.git'],
  ['https://HOST:8443/p.git#main', 'https host 8443 https://host:8443/p.git main'],
  ['http://host/p#v1.2:services/web/', 'http host 80 http://host/p v1.2 services/web'],
  ['https://host/p.git#:sub', 'https host 443 https://host/p.git  sub'],
  ['https://host/p.git#refs/pull/7/head', 'https host 443 https://host/p.git refs/pull/7/head'],
  ['ssh://git@host/p.git', 'ssh host 22 ssh://git@host/p.git'],
  ['ssh://host:2222/p.git#abc1234', 'ssh host 2222 ssh://host:2222/p.git abc1234'],
  ['git@host:user/p.git#feature/x', 'ssh host 22 git@host:user/p.git feature/x'],
  ['git@[::1]:p.git', 'ssh [::1] 22 git@[::1]:p.git'],
  ['https://[::1]/p.git', 'https [::1] 443 https://[::1]/p.git'],
  // However an address is written, what is spoken to is seen.
  ['http://2130706433/p.git', 'http 127.0.0.1 80 http://127.0.0.1/p.git'],
  ['http://0x7f.1/p.git', 'http 127.0.0.1 80 http://127.0.0.1/p.git'],
] as const;

/** docs/git-sources.md says what is read; everything else is not. */
const REFUSED = [
  ...['', ' ', 'project.git', '/srv/project.git', './project.git', '../project.git', 'host:project.git', 'https://'],
  ...['file:///srv/p.git', 'git://host/p.git', 'ftp://host/p.git', 'ext::sh -c id', 'ext::id', 'fd::3', 'fd::3/p.git'],
  ...[
    'https::https://host/p.git',
    'transport::https://host/p',
    'HTTPS:host/p.git',
    'https:/host/p.git',
    'javascript:1',
  ],
  ...['--upload-pack=id', '-uid', '--upload-pack=id https://host/p.git', 'ssh://-oProxyCommand=id/p.git'],
  ...['-oProxyCommand=id@host:p.git', 'git@-oProxyCommand=id:p.git', 'git@host:-p.git', 'ssh://-u@host/p.git'],
  ...['git@host:', 'git@:p.git', '@host:p.git', 'https://host', 'https://host/', 'https://host///', 'ssh://git@host'],
  ...[
    'https://ho st/p.git',
    'https://host/p .git',
    'https://host/p.git\n',
    'https://host/p\r.git',
    'https://host/\tp.git',
  ],
  ...['https://host/p.git\0', 'https://host/p\u0085.git', 'https://host/p\u2028.git', 'https://host\\@evil/p.git'],
  ...[
    'https://u:p%0ahost=evil@host/p.git',
    'https://u%0a:p@host/p.git',
    'https://u:%00@host/p.git',
    'https://%zz@host/p',
  ],
  ...[
    'https://host/p%0a.git',
    'https://host/p%0d.git',
    'https://host/%00',
    'https://host/%5c..%5cx',
    'https://host/%zz',
  ],
  ...[
    'https://ho_st/p.git',
    'https://-host/p.git',
    'https://host-/p.git',
    'https://host..x/p.git',
    'https://host./p.git',
  ],
  ...['https://%2dhost/p.git', 'ssh://ho%20st/p.git', 'ssh://host%0a/p.git', 'ssh://h;id/p.git', 'ssh://$(id)/p.git'],
  ...['ssh://git:secret@host/p.git', 'ssh://git@host/p.git?x=1', 'https://host/p.git?service=x', 'git@host:p;id@x:y\n'],
  ...[
    'https://host/source.tgz',
    'https://host/source.tar.gz#main',
    'https://host/a.zip',
    'ssh://host:0/p',
    'https://host:0/p',
  ],
  ...['#-x', '#--upload-pack=id', '#+main', '#a..b', '#a b', '#a~1', '#a^', '#a:b:c/../d', '#@{u}', '#@', '#x.lock'],
  ...['#.x', '#x/', '#x.', '#a//b', '#a/.b', '#*', '#refs/heads/*', '#a?', '#a[b', '#a\\b', '#main:/etc', '#main:../x'],
  ...['#main:a/../../b', '#:..', '#main:-x', '#main:a\\..\\b', '#main:a\nb', `#${'x'.repeat(251)}`, '#main#x y'],
].map((text) => (text.startsWith('#') ? `https://host/p.git${text}` : text));

test('parseGitUrl() reads the three protocols, the ref and the folder', (t) => {
  for (const [text, wanted] of READ) {
    const { source } = parseGitUrl(text);
    const { protocol, host, port, remote, ref, subdir } = source;
    t.is([protocol, host, port, remote, ref, subdir].join(' ').trim(), wanted);
    t.deepEqual(parseGitUrl(formatGitUrl(source)), { source, login: undefined });
  }
});

test('promise 6: parseGitUrl() refuses everything odd', (t) => {
  for (const text of REFUSED) t.throws(() => parseGitUrl(text), { instanceOf: SyntaxError }, JSON.stringify(text));
});

test('promise 7: parseGitUrl() takes a login out of the address, and no error shows it', (t) => {
  const { source, login } = parseGitUrl('https://me:s%40cret%2F@host/p.git#main');
  t.deepEqual(login, { username: 'me', password: 's@cret/' });
  t.is(formatGitUrl(source), 'https://host/p.git#main');
  t.is(parseGitUrl('https://token@host/p.git').login?.username, 'token');
  for (const rest of ['', '/', '/p.git#a b', '/p.git?x', '/a.zip', '\n', ':x/p', '/p.git#a..b']) {
    const error = t.throws(() => parseGitUrl(`https://canary:canary@host${rest}`), { instanceOf: SyntaxError });
    t.notRegex(error.message, /canary|\n/, rest);
  }
});

test('parseGitUrl() never lets anything through that git or ssh could take for something else', (t) => {
  const part = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('-oProxyCommand=id', '..', '%0a', '@', ':', '#', '[::1]', 'ext::', 'https://', 'git@', '\n', '%2d'),
  );
  const text = fc
    .tuple(fc.constantFrom('https://', 'http://', 'ssh://', 'git@', 'ssh://git@', ''), fc.array(part, { maxLength: 8 }))
    .map(([start, parts]) => start + parts.join(''));
  fc.assert(
    fc.property(text, (candidate) => {
      let read: ReturnType<typeof parseGitUrl>;
      try {
        read = parseGitUrl(candidate);
      } catch (error) {
        t.true(error instanceof SyntaxError);
        return;
      }
      const { remote, ref, subdir, host, port } = read.source;
      t.regex(
        remote,
        /^(?:https?:\/\/[a-z0-9[]|ssh:\/\/(?:[A-Za-z0-9_][\w.-]*@)?[a-z0-9[]|[A-Za-z0-9_][\w.-]*@[a-z0-9[])/,
      );
      t.notRegex(`${remote}${ref}${subdir}`, /[\p{Cc}\p{Z}\\]/u);
      t.notRegex(host, /^-|%/);
      t.true(ref === '' || isGitRef(ref));
      t.false(subdir.split('/').includes('..') || subdir.startsWith('/') || subdir.startsWith('-'));
      t.true(port > 0 && port < 65_536);
    }),
    { numRuns: 5000 },
  );
});

test('gitServerName() leaves out the usual port', (t) => {
  t.is(gitServerName(parseGitUrl('https://host/p').source), 'host');
  t.is(gitServerName(parseGitUrl('https://host:8443/p').source), 'host:8443');
  t.is(gitServerName(parseGitUrl('ssh://git@host:2222/p').source), 'host:2222');
});

test('isGitServerName() takes hosts, with a port or without', (t) => {
  for (const text of ['host', 'git.example.org', 'host:2222', '10.0.0.1:80', '[::1]', '[::1]:22'])
    t.true(isGitServerName(text));
  for (const text of [
    '',
    'Host',
    'ho st',
    'host:',
    'host:0',
    'host:65536',
    'user@host',
    'host/x',
    '-host',
    ':22',
    '*',
  ]) {
    t.false(isGitServerName(text), text);
  }
});
