-- The document of a case: the confirmation of a refund or release, an invoice; hashed, because only equality is asked.
-- Rows whose body is sealed have none until they are saved again.
alter table claims add column document_sha256 text;
alter table invoices add column document_sha256 text;
alter table refunds add column document_sha256 text;
alter table releases add column document_sha256 text;
update invoices set document_sha256 = body -> 'issued' -> 'document' ->> 'sha256' where jsonb_typeof(body) = 'object';
create index invoices_document on invoices using hash (document_sha256);
create index refunds_document on refunds using hash (document_sha256);
create index releases_document on releases using hash (document_sha256);
