-- Credit lines and what is used of them, the numbers and documents that a guarantee had before, what operators must do.

create table credit_lines (
    no           text primary key,
    partner      text        not null,
    business_no  text        not null,
    company_code text        not null,
    content_hash text        not null,
    state        text        not null,
    version      integer     not null,
    body         jsonb       not null,
    requested_at timestamptz not null,
    updated_at   timestamptz not null
) with (fillfactor = 80);
create index credit_lines_business on credit_lines (partner, business_no, requested_at);
create index credit_lines_company on credit_lines (partner, company_code, requested_at);
create index credit_lines_open on credit_lines (requested_at) where state = 'reviewing';

-- Which orders are taken on credit: only partners with credit rules have rows, so the others pay for no index.
create table credit_uses (
    order_no     text primary key,
    partner      text not null,
    company_code text not null
);
create index credit_uses_company on credit_uses (partner, company_code);

-- The document of the guarantee as it is now; hashed, because only equality is asked.
alter table orders add column document_sha256 text;
update orders set document_sha256 = body -> 'guarantee' -> 'document' ->> 'sha256' where guarantee_no is not null;
create index orders_document on orders using hash (document_sha256);

-- What a guarantee was before it was revealed or made out anew.
create table editions (
    order_no        text not null references orders (no),
    document_sha256 text not null,
    guarantee_no    text not null,
    partner         text not null,
    primary key (order_no, document_sha256)
);
create index editions_guarantee on editions (guarantee_no);
create index editions_document on editions (document_sha256);

-- Announced orders are open too.
drop index orders_open;
create index orders_open on orders (state, placed_at) where state in ('announced', 'reviewing', 'awaiting_payment', 'paid');

-- The requests by the partner's own number for them.
create index claims_business on claims (partner, business_no, requested_at);
create index invoices_business on invoices (partner, business_no, requested_at);
create index refunds_business on refunds (partner, business_no, requested_at);
create index releases_business on releases (partner, business_no, requested_at);

create table tasks (
    id        bigint generated always as identity primary key,
    partner   text        not null,
    order_no  text        not null,
    no        text        not null,
    what      text        not null,
    say       text        not null,
    raised_at timestamptz not null,
    done_at   timestamptz,
    done_by   text
);
create index tasks_open on tasks (raised_at) where done_at is null;
create index tasks_order on tasks (order_no);
-- Raised by asks that are refused, and a refused ask may come again.
create unique index tasks_once on tasks (no, what)
    where done_at is null and what in ('withdrawn_after_issue', 'claim_revocation');
