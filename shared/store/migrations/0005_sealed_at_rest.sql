-- Bodies and messages may be sealed: then a string stands in place of the object. What SQL needs of them becomes columns;
-- rows of an earlier version have none until they are saved again, and are read from their plain bodies until then.

alter table orders add column bond_fen bigint, add column guarantee_state text;

-- Who bids is told by a keyed print; the code itself, sealed, serves to make the print anew under another key.
alter table credit_uses add column sealed_code text not null default '';
update credit_uses set sealed_code = company_code;

-- Sealed text does not compress: PostgreSQL need not try.
alter table orders alter column body set storage external;
alter table callbacks alter column payload set storage external;
alter table outbox alter column payload set storage external;

-- A timeline is only ever added to; its sealed particulars may be sealed anew under another key, nothing else.
drop trigger events_append_only on events;
create trigger events_append_only before update of order_no, no, version, what, message_id, trace, at on events
    for each statement execute function events_are_final();
create function events_are_sealed_anew() returns trigger language plpgsql as
$$ begin
    if jsonb_typeof(new.detail) <> 'string' or new.detail #>> '{}' not like 'gcm1.%' then
        raise exception 'the timeline is append-only';
    end if;
    return new;
end $$;
create trigger events_sealed_anew before update of detail on events
    for each row execute function events_are_sealed_anew();
