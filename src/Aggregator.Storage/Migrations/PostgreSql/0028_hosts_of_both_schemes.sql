-- http and https at their own ports are one host to whoever runs it: both count under the port of https. What was closed under http's stays so.
update source set host = substr(host, 1, length(host) - 2) || '443' where host like '%:80' and url like 'http:%';
update capture set host = substr(host, 1, length(host) - 2) || '443' where host like '%:80';

insert into host (name, closed_until)
select substr(name, 1, length(name) - 2) || '443', closed_until from host where name like '%:80' and closed_until > 0
on conflict (name) do update set closed_until = case when excluded.closed_until > host.closed_until then excluded.closed_until else host.closed_until end;
delete from host where name like '%:80';

-- The warning of a pinned certificate is told where the source is shown, for as long as the pin is there.
update source set health_note = null where health_note like 'WARNING: this source''s TLS certificate is pinned%';
