Statements that misbehave on purpose.

-- once, repeatable --
select 1;

-- sleep --
select pg_sleep($1);

-- dies_first_time, repeatable --
-- A sequence is not rolled back, so the second call knows that it is the second.
select case when nextval('calls') = 1 then pg_terminate_backend(pg_backend_pid()) else true end;

-- dies --
select pg_terminate_backend(pg_backend_pid());

-- calls --
select last_value from calls;

-- keep --
insert into kept (n) values ($1);

-- count --
select count(*) from kept;

-- fill --
insert into filled select repeat(md5(i::text), 100) from generate_series(1, 2000) as i;

-- body --
select $1::jsonb;

-- limits --
select current_setting('statement_timeout') as statement,
       current_setting('idle_in_transaction_session_timeout') as idle;

-- filled --
select count(*) from filled;
