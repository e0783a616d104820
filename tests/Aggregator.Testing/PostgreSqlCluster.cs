using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Aggregator.Testing;

/// <summary>
/// A real PostgreSQL server for the test process: made on first use in a temporary folder, on a free port of 127.0.0.1,
/// without durability. It stops, and its folder goes, when the process ends, however it ends.
/// </summary>
public static class PostgreSqlCluster
{
    private const string Binaries = "/usr/lib/postgresql";
    private const string SystemUser = "postgres";
    private const int StartAttempts = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    // The shell outlives us to clean up: its standard input is a pipe from the test process, and the end of that pipe is
    // the one sign of our death that also a kill -9 gives. (A parent-death signal would come with the end of the
    // *thread* that started the process.) Background commands lose their standard input, hence descriptor 3;
    // they also ignore SIGQUIT until the server has set its own handler, hence the loop.
    private const string Script = """
        set -u
        bin=$1 folder=$2 port=$3
        cd / && mkdir -m 700 "$folder" || exit 1
        trap 'rm -rf "$folder"' EXIT
        if ! "$bin/initdb" -D "$folder/data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1; then
            cat "$folder/log" >&2
            exit 1
        fi
        exec 3<&0
        "$bin/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB \
            >"$folder/log" 2>&1 3<&- &
        server=$!
        ( cat <&3 >/dev/null; while kill -QUIT "$server" 2>/dev/null; do sleep 0.2; done ) >/dev/null 2>&1 &
        wait "$server"
        status=$?
        tail -n 20 "$folder/log" >&2
        exit "$status"
        """;

    private static readonly Lazy<Task<string>> Administration = new(StartAsync);
    private static int _databases;

    /// <summary>Why there can be no cluster here, as a sentence for a skipped test; null when there can.</summary>
    public static string? SkipReason { get; } = FindSkipReason();

    /// <summary>Makes a fresh, empty database; the first call of the process starts the server.</summary>
    /// <exception cref="InvalidOperationException">There are no binaries (see <see cref="SkipReason"/>), or the server did not start.</exception>
    public static async Task<PostgreSqlDatabase> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var administration = await Administration.Value.WaitAsync(cancellationToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");

        await using var connection = new NpgsqlConnection(administration);
        await connection.OpenAsync(cancellationToken);
        await using var create = connection.CreateCommand();
#pragma warning disable CA2100 // A name cannot be a parameter; this one is made of digits.
        create.CommandText = $"create database {name} template template0";
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync(cancellationToken);

        var connectionString = new NpgsqlConnectionStringBuilder(administration) { Database = name, Pooling = true }.ConnectionString;
        return new PostgreSqlDatabase(name, connectionString, administration);
    }

    private static string? FindSkipReason()
    {
        if (FindBinaries() is null)
            return $"There is no PostgreSQL server under {Binaries} (Debian: apt install postgresql).";
        if (Environment.IsPrivilegedProcess && !File.ReadLines("/etc/passwd").Any(line => line.StartsWith(SystemUser + ":", StringComparison.Ordinal)))
            return $"PostgreSQL refuses to run as root, and there is no user {SystemUser} to run it as.";
        return null;
    }

    private static string? FindBinaries() =>
        !Directory.Exists(Binaries)
            ? null
            : Directory.GetDirectories(Binaries)
                .Where(folder => File.Exists(Path.Combine(folder, "bin", "initdb")) && File.Exists(Path.Combine(folder, "bin", "postgres")))
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
                .FirstOrDefault();

    private static async Task<string> StartAsync()
    {
        if (SkipReason is not null) throw new InvalidOperationException(SkipReason);

        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var folder = Path.Combine(Path.GetTempPath(), "aggregator-postgresql-" + Guid.NewGuid().ToString("n"));
            var watch = StartWatch(folder, port);
            var errors = watch.StandardError.ReadToEndAsync();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(watch);

            var administration = new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = port,
                Username = "postgres",
                Database = "postgres",
                Pooling = false,
            }.ConnectionString;
            if (await AnswersAsync(administration, watch)) return administration;

            Stop(watch);
            var reason = await errors;

            // Another process may have taken the port between our look and the server's bind.
            if (attempt == StartAttempts)
                throw new InvalidOperationException($"PostgreSQL did not start on port {port}: {reason}");
        }
    }

    private static Process StartWatch(string folder, int port)
    {
        var start = new ProcessStartInfo("setsid")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        string[] asUser = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", SystemUser, "--regid", SystemUser, "--init-groups"]
            : [];
        foreach (var argument in (string[])
                 [.. asUser, "/bin/sh", "-c", Script, "sh", FindBinaries()!, folder, port.ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static async Task<bool> AnswersAsync(string administration, Process watch)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < StartLimit && !watch.HasExited; await Task.Delay(50))
        {
            try
            {
                await using var connection = new NpgsqlConnection(administration);
                await connection.OpenAsync();
                // Somebody else's server on that port would have let us in just as well.
                return !watch.HasExited;
            }
            catch (NpgsqlException)
            {
                // Not listening yet, or still starting up (57P03); the limit above ends the waiting.
            }
        }

        return false;
    }

    private static void Stop(Process watch)
    {
        watch.StandardInput.Close();
        watch.WaitForExit(StopLimit);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
