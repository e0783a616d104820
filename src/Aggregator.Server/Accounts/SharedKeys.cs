using System.Xml.Linq;
using Aggregator.Core.Stores;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Aggregator.Server.Accounts;

/// <summary>
/// The keys that protect cookies and forms, in the store: every node that shares it reads what any of them wrote. Whoever can read the
/// store's tables can forge a session, as with a folder of keys whoever can read the folder.
/// </summary>
internal sealed class SharedKeys(IKeyStore keys, TimeProvider time) : IXmlRepository
{
    /// <summary>Keeps the keys in the store.</summary>
    public static IDataProtectionBuilder PersistKeysToStore(IDataProtectionBuilder builder)
    {
        builder.Services.AddSingleton<SharedKeys>();
        builder.Services.AddOptions<KeyManagementOptions>().Configure<SharedKeys>((options, shared) => options.XmlRepository = shared);
        return builder;
    }

    // The interface knows no tasks; there are few keys, and they are asked for once a day and at the start.
    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Task.Run(() => keys.ListAsync(CancellationToken.None)).GetAwaiter().GetResult().Select(XElement.Parse)];

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        Task.Run(() => keys.AddAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting), time.GetUtcNow(), CancellationToken.None)).GetAwaiter().GetResult();
    }
}
