-- The feed of what a visitor follows as a topic of the hub. Its address is the secret that opens the selection: "url" is "sha256:" with
-- its hash, and "sealed_url" the address itself, sealed with the keys that protect cookies. It goes when the selection is forgotten.
alter table hub_topic add column sealed_url text;
alter table hub_topic add column selection_id bigint references selection on delete cascade;

create index hub_topic_of_selection on hub_topic (selection_id) where selection_id is not null;
