import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutSecrets } from '../../src/engines/postgres-capture-texts.ts';

const SECRET = 'hunter2';

describe('texts of statements', () => {
  test.each([
    `alter role anna password '${SECRET}'`,
    `/* it's */ create user "o'brien" with password '${SECRET}'`,
    `-- don't\nALTER ROLE anna PASSWORD E'a\\'${SECRET}'`,
    `create subscription s connection 'host=a password=${SECRET}' publication p`,
    `create user mapping for anna server s options (password '${SECRET}')`,
    `select * from dblink('host=a password=${SECRET}', 'select 1')`,
    `alter system set primary_conninfo = 'host=a password=${SECRET}'`,
    `set app.token = '${SECRET}'`,
    `do $body$ begin perform connect_to('${SECRET}'); end $body$`,
    `copy t from program 'curl -u anna:${SECRET}'`,
    `alter role anna password 'cut at the end ${SECRET}`,
  ])('lose their secrets: %s', (text) => {
    expect(withoutSecrets(text)).not.toContain(SECRET);
    expect(withoutSecrets(text)).toContain("'***'");
  });

  test.each([
    `select * from orders where state = $1 /* it's */`,
    `with a as (select 'x') insert into b select * from a`,
    `CREATE UNIQUE INDEX i ON public.orders USING btree (id) WHERE (state = 'open'::text)`,
  ])('stay as they are: %s', (text) => expect(withoutSecrets(text)).toBe(text));

  test('lose a secret however it is quoted and whatever stands before it', () => {
    const quoted = fc.string({ maxLength: 12 }).chain((around) => {
      const secret = `${around.replaceAll('$', '')}${SECRET}`;
      return fc.constantFrom(
        `'${secret.replaceAll("'", "''")}'`,
        `e'${secret.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
        `$q$${secret}$q$`,
      );
    });
    const before = fc.constantFrom('', "/* it's */ ", "-- it's\n", '/* " */', "alter role \"o'x\" password 'a'; ");
    fc.assert(
      fc.property(before, quoted, (prefix, literal) => {
        expect(withoutSecrets(`${prefix}alter role anna password ${literal}`)).not.toContain(SECRET);
      }),
    );
  });
});
