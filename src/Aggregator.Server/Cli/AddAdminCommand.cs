using System.CommandLine;
using System.Text;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Resources;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator add-admin NAME</c>.</summary>
internal static class AddAdminCommand
{
    public static Command Create(string[] configuration)
    {
        var name = new Argument<string>("NAME") { Description = "The account's name." };
        var role = new Option<string?>("--role") { Description = "admin (the default) or viewer, who sees everything and changes nothing. An account that is there keeps its role without it.", HelpName = "ROLE" };
        role.AcceptOnlyFromAmong("admin", "viewer");
        var command = new Command("add-admin",
            "Make an account, or give it a new password, which ends its sessions. The password is asked for on a terminal, else read as one line from standard input.") { name, role };
        command.SetAction((call, cancellationToken) => CommandRunner.WithStoreAsync(configuration, async services =>
        {
            var password = ReadPassword();
            switch (await services.GetRequiredService<AdminAccounts>().SaveAsync(call.GetRequiredValue(name), password, cancellationToken))
            {
                case AccountOutcome.Saved { IsNew: var isNew }:
                    if (call.GetValue(role) is { } wanted && await services.GetRequiredService<IAdminStore>().SetRoleAsync(
                        call.GetRequiredValue(name), wanted == "viewer" ? AccountRole.Viewer : AccountRole.Admin, cancellationToken) == AccountChange.LastAdmin)
                    {
                        await Console.Error.WriteLineAsync("aggregator: " + Text.In(SiteLanguage.English).AccountLastAdmin);
                        return CommandRunner.BadResult;
                    }

                    await services.GetRequiredService<AuditTrail>().RecordAsync(
                        AuditTrail.CommandLine, isNew ? "account.add" : "account.password", "account:" + call.GetRequiredValue(name), before: null, new { Role = call.GetValue(role) });
                    Console.WriteLine(isNew ? $"The account {call.GetRequiredValue(name)} was made." : $"The account {call.GetRequiredValue(name)} has a new password.");
                    return 0;
                case AccountOutcome.Refused { Problem: var problem }:
                    await Console.Error.WriteLineAsync("aggregator: " + Text.In(SiteLanguage.English).Of(problem));
                    return CommandRunner.BadResult;
                case var outcome:
                    throw new InvalidOperationException($"{outcome.GetType().Name} is no outcome of saving an account.");
            }
        }, cancellationToken));
        return command;
    }

    private static string ReadPassword()
    {
        if (Console.IsInputRedirected) return Console.In.ReadLine() ?? "";

        Console.Error.Write("Password: ");
        var password = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key.Key == ConsoleKey.Backspace)
            {
                if (password.Length > 0) password.Length--;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                password.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return password.ToString();
    }
}
