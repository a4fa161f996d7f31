-- The trace (W3C traceparent) of the request with which each order and case began, and of each callback: what happens to them
-- hours later, and what is told again, goes on in the same trace. Empty where none was kept: rows of an earlier version.

alter table orders add column trace text not null default '';
alter table claims add column trace text not null default '';
alter table invoices add column trace text not null default '';
alter table refunds add column trace text not null default '';
alter table releases add column trace text not null default '';
alter table credit_lines add column trace text not null default '';
alter table callbacks add column trace text not null default '';
