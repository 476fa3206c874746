What a test asks the catalog about everything of ours; each answer should be empty.

-- tables_without_row_level_security --
select c.oid::regclass::text as culprit
  from pg_class c
 where c.relnamespace::regnamespace::text in ('public', 'strandloom') and c.relkind in ('r', 'p')
   and not c.relrowsecurity;

-- tables_without_a_policy_for_the_service --
select c.oid::regclass::text as culprit
  from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
   and not exists (select from pg_policy p
                    where p.polrelid = c.oid and 'service_role'::regrole = any(p.polroles));

-- tables_and_views_that_the_service_may_not_read --
select c.oid::regclass::text as culprit
  from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
   and not exists (select from aclexplode(c.relacl) a
                    where a.grantee = 'service_role'::regrole and a.privilege_type = 'SELECT');

-- policies_for_anybody_else --
select p.polname || ' on ' || p.polrelid::regclass as culprit
  from pg_policy p
 where p.polroles <> array['service_role'::regrole::oid];

-- relations_open_to_others --
select c.oid::regclass || ': ' || a.privilege_type || ' to ' || coalesce(r.rolname, 'public') as culprit
  from pg_class c
  cross join lateral aclexplode(c.relacl) a
  left join pg_roles r on r.oid = a.grantee
 where c.relnamespace::regnamespace::text in ('public', 'strandloom')
   and (a.grantee = 0 or r.rolname in ('anon', 'authenticated'));

-- functions_open_to_others --
select p.oid::regprocedure || ' to ' || coalesce(r.rolname, 'public') as culprit
  from pg_proc p
  cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
  left join pg_roles r on r.oid = a.grantee
 where p.pronamespace::regnamespace::text in ('public', 'strandloom')
   and (a.grantee = 0 or r.rolname in ('anon', 'authenticated'))
   and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e');

-- views_that_show_more_than_their_reader_may_see --
select c.oid::regclass::text as culprit
  from pg_class c
 where c.relnamespace::regnamespace::text in ('public', 'strandloom') and c.relkind = 'v'
   and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'], false);

-- materialized_views_which_know_no_row_level_security --
select c.oid::regclass::text as culprit
  from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind = 'm';

-- functions_whose_search_path_a_caller_can_bend --
-- A body in standard SQL (`return …`) found its names when it was made, so nobody can bend it.
select p.oid::regprocedure::text as culprit
  from pg_proc p
 where p.pronamespace::regnamespace::text in ('public', 'strandloom')
   and p.prosqlbody is null
   and not exists (select from unnest(p.proconfig) setting where setting like 'search\_path=%')
   and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e');

-- functions_that_lend_their_owners_rights --
select p.oid::regprocedure::text as culprit
  from pg_proc p
 where p.pronamespace::regnamespace::text in ('public', 'strandloom') and p.prosecdef
   and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e');

-- foreign_keys_without_an_index --
select k.conrelid::regclass || '.' || k.conname as culprit
  from pg_constraint k
 where k.contype = 'f'
   and not exists (select from pg_index i
                    where i.indrelid = k.conrelid and i.indpred is null
                      and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey);
