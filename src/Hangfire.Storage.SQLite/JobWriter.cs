namespace Hangfire.Storage.SQLite;

/// <summary>
/// Every change that the storage makes, as statements on the one session that writes. Lives inside the gate of
/// <see cref="JobDatabase"/>; what it changed in the numbers of states and queues is applied after the commit.
/// </summary>
internal sealed class JobWriter(Session session, ReadyQueues ready, int maxStateHistory)
{
    private const string InsertJob = "insert into job(id, invocation, arguments, created_at, expire_at) values(?1, ?2, ?3, ?4, ?5)";

    private const string UpsertParameter = """
        insert into job_parameter(job_id, name, value) select id, ?2, ?3 from job where id = ?1
        on conflict(job_id, name) do update set value = excluded.value
        """;

    private const string InsertParameter = "insert into job_parameter(job_id, name, value) values(?1, ?2, ?3)";
    private const string SetJobExpiry = "update job set expire_at = ?2 where id = ?1";
    private const string ReadState = """
        select state, (select count(*) from job_state where job_id = ?1) from job where id = ?1
        """;

    private const string InsertState = "insert into job_state(job_id, name, reason, created_at, data) values(?1, ?2, ?3, ?4, ?5)";
    private const string SetCurrentState = "update job set state = ?2, state_id = ?3 where id = ?1";

    private const string SetCurrentStateAndExpiry = "update job set state = ?2, state_id = ?3, expire_at = ?4 where id = ?1";

    private const string ForgetOldStates = """
        delete from job_state
        where job_id = ?1 and id <= (select id from job_state where job_id = ?1 order by id desc limit 1 offset ?2)
              and id <> coalesce((select state_id from job where id = ?1), 0)
        """;

    private const string InsertIntoQueue = "insert into job_queue(queue, job_id) values(?1, ?2)";

    private const string SetFetchedAt = "update job_queue set fetched_at = ?2 where id = ?1";
    private const string DeleteFromQueue = "delete from job_queue where id = ?1";

    private const string AddToCounter = """
        insert into counter(key, value, expire_at) values(?1, ?2, ?3)
        on conflict(key) do update set value = value + excluded.value,
            expire_at = max(coalesce(excluded.expire_at, expire_at), coalesce(expire_at, excluded.expire_at))
        returning value
        """;

    private const string DeleteCounter = "delete from counter where key = ?1";

    private const string InsertSetItem = """insert into "set"(key, value, score) values(?1, ?2, ?3) on conflict(key, value) do nothing""";
    private const string SetScore = """update "set" set score = ?3 where key = ?1 and value = ?2""";

    private const string DeleteSetItem = """delete from "set" where key = ?1 and value = ?2""";
    private const string DeleteSet = """delete from "set" where key = ?1""";
    private const string SetSetExpiry = """update "set" set expire_at = ?2 where key = ?1""";

    private const string InsertListItem = "insert into list(key, value) values(?1, ?2)";
    private const string DeleteListItem = "delete from list where key = ?1 and value = ?2";
    private const string SetListExpiry = "update list set expire_at = ?2 where key = ?1";

    private const string KeepOfList = """
        delete from list where key = ?1 and id not in (select id from list where key = ?1 order by id desc limit ?2 offset ?3)
        """;

    private const string UpsertHashField = """
        insert into hash(key, field, value) values(?1, ?2, ?3) on conflict(key, field) do update set value = excluded.value
        """;

    private const string DeleteHash = "delete from hash where key = ?1";
    private const string SetHashExpiry = "update hash set expire_at = ?2 where key = ?1";

    private const string UpsertServer = """
        insert into server(id, data, heartbeat) values(?1, ?2, ?3)
        on conflict(id) do update set data = excluded.data, heartbeat = excluded.heartbeat
        """;

    private const string BeatServer = "update server set heartbeat = ?2 where id = ?1";
    private const string DeleteServer = "delete from server where id = ?1";
    private const string DeleteSilentServers = "delete from server where heartbeat < ?1";

    private const string DeleteExpiredJobs = """
        delete from job where id in (select value from json_each(?1)) and expire_at < ?2 returning id, state
        """;

    private const string DeleteExpiredSetItems = """
        delete from "set" where (key, value) in (select key, value from "set" where expire_at < ?1 limit ?2) returning key
        """;

    private const string RaiseLastJobId = """
        insert into meta(key, value) values('last_job_id', ?1) on conflict(key) do update set value = max(value, excluded.value)
        """;

    private const string SetLastJobId = "update meta set value = ?1 where key = 'last_job_id'";


    /// <summary>What the open transaction does to that which is kept in memory.</summary>
    public Changes Changes { get; } = new();

    public void CreateJob(long id, NewJob job)
    {
        session.Execute(InsertJob, id, job.Invocation, job.Arguments, job.CreatedAt, job.ExpireAt);
        foreach (var (name, value) in job.Parameters) session.Execute(InsertParameter, id, name, value);
    }

    public void SetParameter(long jobId, string name, string? value)
    {
        if (session.Execute(UpsertParameter, jobId, name, value) == 1) Changes.Jobs.Add(JobChange.OfParameter(jobId, name, value));
    }

    /// <summary>Gives a job a state and an expiry at once.</summary>
    public void SetState(long jobId, StateRow state, long? expireAt)
    {
        if (!AddStateRow(jobId, state, out var before)) return;

        session.Execute(SetCurrentStateAndExpiry, jobId, state.Name, session.LastInsertedId, expireAt);
        NoteState(jobId, before, state.Name);
    }

    public void ExpireJob(long jobId, long? expireAt) => session.Execute(SetJobExpiry, jobId, expireAt);

    public void SetState(long jobId, StateRow state)
    {
        if (!AddStateRow(jobId, state, out var before)) return;

        session.Execute(SetCurrentState, jobId, state.Name, session.LastInsertedId);
        NoteState(jobId, before, state.Name);
    }

    public void AddState(long jobId, StateRow state) => AddStateRow(jobId, state, out _);

    public void Enqueue(string queue, long jobId)
    {
        session.Execute(InsertIntoQueue, queue, jobId);
        Changes.Added.Add((queue, new ReadyRow(session.LastInsertedId, jobId)));
        Changes.Numbers.Add(CensusChange.OfQueue(queue, 1, 0));
    }

    /// <summary>Notes since when a worker holds a row of the queue, or that none does.</summary>
    public void MarkFetched(long row, long? fetchedAt) => session.Execute(SetFetchedAt, row, fetchedAt);

    public void Acknowledge(FetchedRow row)
    {
        // Who holds a row is known in memory; the file may not have heard of it yet.
        if (!ready.IsHeld(row) || session.Execute(DeleteFromQueue, row.Id) == 0) return;

        Changes.Removed.Add(row);
        Changes.Numbers.Add(CensusChange.OfQueue(row.Queue, 0, -1));
    }

    public void Count(string key, long step, long? expireAt)
    {
        if (session.Integer(AddToCounter, key, step, expireAt) == 0) session.Execute(DeleteCounter, key);
    }

    public void AddToSet(string key, string value, double score)
    {
        if (session.Execute(InsertSetItem, key, value, score) == 0) session.Execute(SetScore, key, value, score);
        else Changes.Numbers.Add(CensusChange.OfSet(key, 1));
    }

    public void RemoveFromSet(string key, string value)
    {
        if (session.Execute(DeleteSetItem, key, value) == 1) Changes.Numbers.Add(CensusChange.OfSet(key, -1));
    }

    public void RemoveSet(string key)
    {
        if (session.Execute(DeleteSet, key) is > 0 and var items) Changes.Numbers.Add(CensusChange.OfSet(key, -items));
    }

    public void ExpireSet(string key, long? expireAt) => session.Execute(SetSetExpiry, key, expireAt);

    public void InsertToList(string key, string? value) => session.Execute(InsertListItem, key, value);

    public void RemoveFromList(string key, string value) => session.Execute(DeleteListItem, key, value);

    public void ExpireList(string key, long? expireAt) => session.Execute(SetListExpiry, key, expireAt);

    public void TrimList(string key, int first, int last)
    {
        var start = Math.Max(0, first);
        session.Execute(KeepOfList, key, Math.Max(0L, (long)last - start + 1), start);
    }

    public void SetInHash(string key, string field, string? value) => session.Execute(UpsertHashField, key, field, value);

    public void RemoveHash(string key) => session.Execute(DeleteHash, key);

    public void ExpireHash(string key, long? expireAt) => session.Execute(SetHashExpiry, key, expireAt);

    public void AnnounceServer(string id, byte[] data, long now) => session.Execute(UpsertServer, id, data, now);

    /// <returns>Whether the server is known.</returns>
    public bool Heartbeat(string id, long now) => session.Execute(BeatServer, id, now) == 1;

    public void RemoveServer(string id) => session.Execute(DeleteServer, id);

    public int RemoveServersSilentSince(long moment) => session.Execute(DeleteSilentServers, moment);

    /// <summary>After the next opening, no id up to this one is given again.</summary>
    public void ReserveJobIds(long upTo) => session.Execute(RaiseLastJobId, upTo);

    /// <summary>Gives back reserved ids that were not needed.</summary>
    public void KeepLastJobId(long id) => session.Execute(SetLastJobId, id);

    /// <summary>Deletes those of the jobs that are still expired. Remembers the highest id ever given, so that none is given twice.</summary>
    public int DeleteJobs(string idsAsJson, long now, long lastJobId)
    {
        var deleted = 0;
        using (var rows = session.Query(DeleteExpiredJobs, idsAsJson, now))
        {
            for (; rows.Next(); deleted++)
            {
                Changes.Jobs.Add(JobChange.Deleted(rows.Integer(0)));
                if (rows.TextOrNull(1) is { } state) Changes.Numbers.Add(CensusChange.OfState(state, -1));
            }
        }

        if (deleted > 0) ReserveJobIds(lastJobId);
        return deleted;
    }

    /// <summary>Deletes items of sets that have expired.</summary>
    public int DeleteSetItems(long now, int limit)
    {
        var deleted = 0;
        using var rows = session.Query(DeleteExpiredSetItems, now, limit);
        for (; rows.Next(); deleted++) Changes.Numbers.Add(CensusChange.OfSet(rows.Text(0), -1));
        return deleted;
    }

    /// <summary>Runs a deletion that concerns neither jobs nor queues nor sets.</summary>
    public int Delete(string sql, long now, int limit) => session.Execute(sql, now, limit);

    private void NoteState(long jobId, string? before, string after)
    {
        Changes.Jobs.Add(JobChange.OfState(jobId, after));
        if (before is not null) Changes.Numbers.Add(CensusChange.OfState(before, -1));
        Changes.Numbers.Add(CensusChange.OfState(after, 1));
    }

    /// <summary>Adds to the history, and cuts it when it has become too long.</summary>
    /// <returns>Whether there is such a job.</returns>
    private bool AddStateRow(long jobId, StateRow state, out string? current)
    {
        long history;
        using (var rows = session.Query(ReadState, jobId))
        {
            current = null;
            if (!rows.Next()) return false;

            current = rows.TextOrNull(0);
            history = rows.Integer(1);
        }

        if (history >= maxStateHistory) session.Execute(ForgetOldStates, jobId, maxStateHistory - 1);
        session.Execute(InsertState, jobId, state.Name, state.Reason, state.CreatedAt, state.Data);
        return true;
    }
}
