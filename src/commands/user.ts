import { Command } from 'commander';
import { badRequest } from '../errors.ts';
import { setPassword } from '../operations/access/set-password.ts';
import { type BuildCommand, printResult } from './command.ts';
import { readStdin } from './read-stdin.ts';
import { withApp } from './with-app.ts';

/** Works on the store itself, as the service: whoever reaches the store and its key may do so. */
export const buildUser: BuildCommand = () =>
  new Command('user').addCommand(
    new Command('password')
      .exitOverride()
      .summary('set the password that a user logs in with under /api/v2; it is read from stdin')
      .argument('<name>')
      .option('--remove', 'take the password away instead')
      .action(async (username: string, { remove = false }: { remove?: boolean }) => {
        const password = remove ? null : await readStdin();
        if (password === '') throw badRequest('a password is expected on stdin');
        await withApp(({ ctx }) => setPassword({ ctx, input: { user: { username }, password } }));
        printResult({ user: username, password: remove ? 'removed' : 'set' });
      }),
  );
