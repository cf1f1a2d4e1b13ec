import { type CommandDefinition, printResult } from '../command.js';

/** Loaded when it is called: it knows all commands, and this is one of them. */
async function formatScript(shell: string): Promise<string> {
  const { formatCompletion } = await import('../completion/format-completion.js');
  return formatCompletion(shell);
}

/** `convox completion` */
export const completion: CommandDefinition = {
  words: '<shell>',
  summary: 'print a script that completes commands, options, apps, builds and releases in bash, zsh or fish',
  options: [],
  examples: ['completion bash > /etc/bash_completion.d/convox', 'completion fish | source'],
  run: async (call) => {
    const [shell = ''] = call.words;
    const script = await formatScript(shell);
    printResult(call, { json: { shell, script }, text: script });
  },
};
