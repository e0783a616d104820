using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;
using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Aggregator.Server.Sources;

namespace Aggregator.Server.Resources;

/// <summary>
/// Every word that the site itself says, in one language. A member's name is its key in <c>Text.zh.resx</c> and
/// <c>Text.en.resx</c>, so that a page cannot ask for a key that is nowhere; a test compares the three.
/// </summary>
internal sealed class Text
{
    private static readonly ResourceManager Resources = new(typeof(Text));

    private static readonly Dictionary<SiteLanguage, Text> Languages =
        SiteLanguage.All.ToDictionary(language => language, language => new Text(language.Culture));

    private readonly CultureInfo _culture;

    private Text(CultureInfo culture) => _culture = culture;

    /// <summary>The words in that language.</summary>
    public static Text In(SiteLanguage language) => Languages[language];

    // Frame
    public string SkipToContent => Get();
    public string Categories => Get();
    public string Home => Get();
    public string Language => Get();
    public string TimesAreIn(string zone) => Format(zone);
    public string BeijingTime => Get();
    public string FooterNotice => Get();
    public string OperatedBy(string name) => Format(name);
    public string ContactIs => Get();
    public string ForAdmins => Get();

    // About our fetcher
    public string BotTitle => Get();
    public string BotWho => Get();
    public string BotName => Get();
    public string BotMannersTitle => Get();
    public string BotManners(int concurrency, double gapSeconds) => Format([concurrency, gapSeconds]);
    public string BotSlowTitle => Get();
    public string BotSlow => Get();
    public string BotStopTitle => Get();
    public string BotStop => Get();

    // Lists
    public string More => Get();
    public string Untitled => Get();
    public string NoCategories => Get();
    public string NoEntries => Get();
    public string Newer => Get();
    public string Older => Get();
    public string Pages => Get();
    public string Subscribe => Get();
    public string HowToSubscribe => Get();
    public string SubscribeSentence => Get();
    public string Everything(string site) => Format(site);
    public string SourceWebsite => Get();

    // Article
    public string Category => Get();
    public string Published => Get();
    public string FirstSeen => Get();
    public string Source => Get();
    public string Authors => Get();
    public string NoBody => Get();
    public string Attachments => Get();
    public string Tags => Get();
    public string SnapshotNotice => Get();
    public string Notice => Get();
    public string TakenFromFeed => Get();
    public string TakenAt => Get();
    public string VersionIs(int number) => Format(number);
    public string Original => Get();
    public string NoOriginal => Get();
    public string ReadOriginal => Get();
    public string TakeDown => Get();
    public string TakeDownNoContact => Get();
    public string Rights => Get();
    public string MoreOf(string category) => Format(category);
    public string YouAreHere => Get();
    public string Subscriptions => Get();
    public string NamedSource => Get();
    public string Credits => Get();
    public string TakenFromPage => Get();

    // Versions
    public string CurrentVersion => Get();
    public string FrozenAt(string time) => Format(time);
    public string OneVersion => Get();
    public string VersionCount(int count) => Format(count);
    public string TitleChangedOn(string times) => Format(times);
    public string TitleStayed => Get();
    public string NothingChanged => Get();
    public string KindFeed => Get();
    public string KindPage => Get();
    public string TextNotKept => Get();
    public string ShownHere => Get();
    public string CompareWith(int number) => Format(number);
    public string AllVersions => Get();
    public string FirstOfKind => Get();
    public string Changed(string what) => Format(what);
    public string ChangedTitle => Get();
    public string ChangedBody => Get();
    public string ChangedAuthors => Get();
    public string ChangedPublished => Get();
    public string ChangedEnclosures => Get();
    public string LostSnapshotTitle => Get();
    public string LostSnapshot => Get();
    public string LostByAge => Get();
    public string LostTakenDown => Get();
    public string HowToCheck => Get();
    public string CheckDocument => Get();
    public string CheckHash => Get();
    public string CheckProof => Get();
    public string CheckProofLater => Get();
    public string CheckScript => Get();

    // Comparison
    public string ChangesBetween(int from, int to) => Format([from, to]);
    public string Earlier => Get();
    public string Later => Get();
    public string AddedMark => Get();
    public string RemovedMark => Get();
    public string UnchangedParagraphs(int count) => Format(count);
    public string NothingDiffers => Get();
    public string CharactersChanged(int removed, int added) => Format([removed, added]);
    public string DifferentKinds => Get();
    public string VersionNotNamed => Get();
    public string NothingToCompare => Get();

    /// <summary>In what a version differs from the one before it, in words.</summary>
    internal string Changes(SnapshotChanges changes, SiteLanguage language)
    {
        if (changes == SnapshotChanges.None) return FirstOfKind;
        var parts = new[]
        {
            (SnapshotChanges.Title, ChangedTitle), (SnapshotChanges.Body, ChangedBody), (SnapshotChanges.Authors, ChangedAuthors),
            (SnapshotChanges.Published, ChangedPublished), (SnapshotChanges.Enclosures, ChangedEnclosures),
        };
        return Changed(string.Join(language.ListSeparator, parts.Where(part => changes.HasFlag(part.Item1)).Select(part => part.Item2)));
    }

    // Status
    public string BadRequestTitle => Get();
    public string BadRequest => Get();
    public string ForbiddenTitle => Get();
    public string Forbidden => Get();
    public string NotFoundTitle => Get();
    public string NotFound => Get();
    public string GoneTitle => Get();
    public string Gone => Get();
    public string TooManyTitle => Get();
    public string TooMany => Get();
    public string ErrorTitle => Get();
    public string Error => Get();
    public string UnavailableTitle => Get();
    public string Unavailable => Get();
    public string OtherTitle => Get();
    public string Other => Get();
    public string StatusCode(int code) => Format(code);
    public string GoHome => Get();

    // Accounts
    public string SignIn => Get();
    public string SignOut => Get();
    public string SignInLead => Get();
    public string SignedInAs(string name) => Format(name);
    public string OpenDashboard => Get();
    public string AccountName => Get();
    public string Password => Get();
    public string RepeatPassword => Get();
    public string WrongCredentials => Get();
    public string LockedOut(int minutes) => Format(minutes);
    public string FormExpired => Get();
    public string SetUp => Get();
    public string SetUpLead => Get();
    public string CreateAccount => Get();
    public string NameMissing => Get();
    public string NameTooLong(int max) => Format(max);
    public string NameHasControls => Get();
    public string PasswordTooShort(int min) => Format(min);
    public string PasswordTooLong(int max) => Format(max);
    public string PasswordIsName => Get();
    public string PasswordTooSimple => Get();
    public string PasswordsDiffer => Get();

    /// <summary>A problem with an account, as a sentence.</summary>
    public string Of(AccountProblem problem) => problem switch
    {
        AccountProblem.NameMissing => NameMissing,
        AccountProblem.NameTooLong => NameTooLong(AccountRules.MaxNameLength),
        AccountProblem.NameHasControls => NameHasControls,
        AccountProblem.PasswordTooShort => PasswordTooShort(AccountRules.MinPasswordLength),
        AccountProblem.PasswordTooLong => PasswordTooLong(AccountRules.MaxPasswordLength),
        AccountProblem.PasswordIsName => PasswordIsName,
        AccountProblem.PasswordTooSimple => PasswordTooSimple,
        AccountProblem.PasswordsDiffer => PasswordsDiffer,
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "No such problem."),
    };

    // Dashboard
    public string DashboardSources => Get();
    public string DashboardAddress => Get();
    public string DashboardNoCategory => Get();
    public string DashboardAdd => Get();
    public string DashboardNoSources => Get();
    public string DashboardState => Get();
    public string DashboardLastSuccess => Get();
    public string DashboardNextFetch => Get();
    public string DashboardEntries => Get();
    public string DashboardActions => Get();
    public string DashboardNever => Get();
    public string DashboardDue => Get();
    public string DashboardRefreshNow => Get();
    public string DashboardPause => Get();
    public string DashboardResume => Get();
    public string DashboardNextPage => Get();
    public string DashboardStateActive => Get();
    public string DashboardStateFailing => Get();
    public string DashboardStatePaused => Get();
    public string DashboardStateGone => Get();
    public string DashboardAdded => Get();
    public string DashboardKnown => Get();
    public string DashboardPaused => Get();
    public string DashboardResumed => Get();
    public string DashboardRefreshing => Get();
    public string DashboardNotAnAddress => Get();
    public string DashboardNoSuchCategory => Get();
    public string DashboardAttribution => Get();
    public string DashboardShown => Get();
    public string DashboardHidden => Get();
    public string DashboardShow => Get();
    public string DashboardHide => Get();
    public string DashboardAttributionShown => Get();
    public string DashboardAttributionHidden => Get();
    public string DashboardFailedTimes(int count, string time) => Format([count, time]);

    // Sources in the dashboard
    public string SourcesAddMany => Get();
    public string SourcesFilter => Get();
    public string SourcesText => Get();
    public string SourcesAll => Get();
    public string SourcesHealth => Get();
    public string SourcesFailing => Get();
    public string SourcesSilent => Get();
    public string SourcesSlow => Get();
    public string SourcesDeleted => Get();
    public string SourcesSort => Get();
    public string SourcesByTitle => Get();
    public string SourcesByNext => Get();
    public string SourcesBySuccess => Get();
    public string SourcesByFailures => Get();
    public string SourcesNewest => Get();
    public string SourcesApply => Get();
    public string SourcesClear => Get();
    public string SourcesCount(int count) => Format(count);
    public string SourcesNoMatch => Get();
    public string SourcesFailures => Get();
    public string SourcesPerDay => Get();
    public string SourcesDays(string numbers) => Format(numbers);
    public string SourcesSelect(string title) => Format(title);
    public string SourcesSelectPage => Get();
    public string SourcesSelectAll(int count) => Format(count);
    public string SourcesSelected => Get();
    public string SourcesMoveTo => Get();
    public string SourcesMove => Get();
    public string SourcesDelete => Get();
    public string SourcesRestore => Get();
    public string SourcesUndo => Get();
    public string SourcesNothingSelected => Get();
    public string SourcesDidRefresh(int count) => Format(count);
    public string SourcesDidPause(int count) => Format(count);
    public string SourcesDidResume(int count) => Format(count);
    public string SourcesDidMove(int count) => Format(count);
    public string SourcesDidDelete(int count) => Format(count);
    public string SourcesDidRestore(int count) => Format(count);
    public string SourcesConfirmTitle => Get();
    public string SourcesConfirm(int count) => Format(count);
    public string SourcesAndMore(int count) => Format(count);
    public string SourcesPauseInstead => Get();
    public string SourcesCancel => Get();
    public string SourceBack => Get();
    public string SourcePublicPage => Get();
    public string SourceAddressLabel => Get();
    public string SourceHealthTitle => Get();
    public string SourceSchedule => Get();
    public string SourceNextAt(string time) => Format(time);
    public string SourceVelocity => Get();
    public string SourceVelocityIs(string number) => Format(number);
    public string SourceEntriesKept => Get();
    public string SourceIdentity => Get();
    public string IdentityById => Get();
    public string IdentityByLink => Get();
    public string IdentityByHash => Get();
    public string SourceRedirect => Get();
    public string SourceMovesTo(string address, string since) => Format([address, since]);
    public string SourceMovedFrom(string address) => Format(address);
    public string SourceProposals => Get();
    public string SourceAdopt => Get();
    public string SourceRepairs => Get();
    public string SourceHub => Get();
    public string SourceHubUntil(string hub, string time) => Format([hub, time]);
    public string SourceNone => Get();
    public string SourceFormat => Get();
    public string SourceFetches => Get();
    public string SourceNoFetches => Get();
    public string FetchTime => Get();
    public string FetchOutcome => Get();
    public string FetchStatus => Get();
    public string FetchDuration => Get();
    public string FetchBytes => Get();
    public string FetchNew => Get();
    public string FetchChanged => Get();
    public string FetchRead => Get();
    public string FetchNotModified => Get();
    public string FetchFailed => Get();
    public string FetchPushed => Get();
    public string FetchRedirects(int count) => Format(count);
    public string SourceRefreshed(int added, int changed) => Format([added, changed]);
    public string SourceRefreshSame => Get();
    public string SourceRefreshWaits => Get();
    public string SourcePreviewTitle => Get();
    public string SourcePreviewLead => Get();
    public string SourcePreviewCount(int count) => Format(count);
    public string SourcePreviewBody => Get();
    public string SourcePreviewAtom => Get();
    public string SourceSettings => Get();
    public string SourceTitleLabel => Get();
    public string SourceZoneLabel => Get();
    public string SourceLanguageLabel => Get();
    public string SourceMinLabel => Get();
    public string SourceMaxLabel => Get();
    public string SourceRequest => Get();
    public string SourceAgentLabel => Get();
    public string SourceProxyLabel => Get();
    public string SourceCharsetLabel => Get();
    public string SourcePinLabel => Get();
    public string SourceUserLabel => Get();
    public string SourcePasswordLabel => Get();
    public string SourceCookiesLabel => Get();
    public string SourceHeadersLabel => Get();
    public string SourceHeadersSet => Get();
    public string SourceSecretSet => Get();
    public string SourceRemove(string what) => Format(what);
    public string SourceSave => Get();
    public string SourceSaved => Get();
    public string SourcePaused => Get();
    public string SourceRestored => Get();
    public string SourceIsDeleted(string time) => Format(time);
    public string SourceUnsafeHint => Get();
    public string AddTitle => Get();
    public string AddLead => Get();
    public string AddAddresses => Get();
    public string AddPreview => Get();
    public string AddNow => Get();
    public string AddChosen => Get();
    public string AddEvenIfAlike => Get();
    public string AddTooMany(int count) => Format(count);
    public string AddNothing => Get();
    public string AddReport => Get();
    public string AddAdded => Get();
    public string AddKnown => Get();
    public string AddAlike(string title) => Format(title);
    public string AddRestored => Get();
    public string AddRefused => Get();
    public string AddFound => Get();
    public string AddNoFeeds => Get();
    public string AddNotLooked => Get();
    public string ProblemAddress => Get();
    public string ProblemAddressLength => Get();
    public string ProblemPrivate => Get();
    public string ProblemTaken => Get();
    public string ProblemTitle(int max) => Format(max);
    public string ProblemCategory => Get();
    public string ProblemZone => Get();
    public string ProblemLanguage => Get();
    public string ProblemInterval => Get();
    public string ProblemRequest => Get();
    public string ReadOnlyAccount => Get();

    /// <summary>Why what was entered for a source is refused. English has the sentence that knows more, where there is one.</summary>
    public string Of(SourceProblem problem) => problem.Detail is { } detail && _culture.TwoLetterISOLanguageName == "en" ? detail : problem.Field switch
    {
        SourceField.Address => ProblemAddress,
        SourceField.AddressLength => ProblemAddressLength,
        SourceField.PrivateAddress => ProblemPrivate,
        SourceField.AddressTaken => ProblemTaken,
        SourceField.Title => ProblemTitle(SourceEdit.MaxTitleLength),
        SourceField.Category => ProblemCategory,
        SourceField.Zone => ProblemZone,
        SourceField.Language => ProblemLanguage,
        SourceField.Interval => ProblemInterval,
        SourceField.Request => ProblemRequest,
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "No such problem."),
    };

    // Failures of sources
    public string FailureUnknownHost => Get();
    public string FailureConnection => Get();
    public string FailureCertificate => Get();
    public string FailureTimedOut => Get();
    public string FailureTarget => Get();
    public string FailureRedirect => Get();
    public string FailureNotFound => Get();
    public string FailureDenied => Get();
    public string FailureTooMany => Get();
    public string FailureClient => Get();
    public string FailureServer => Get();
    public string FailureGone => Get();
    public string FailureTooLarge => Get();
    public string FailureBody => Get();
    public string FailureEmpty => Get();
    public string FailureHtml => Get();
    public string FailureNotAFeed => Get();
    public string FailureDocument => Get();
    public string FailureProtocol => Get();
    public string FailureTruncated => Get();
    public string FailureInternal => Get();

    // Schedule
    public string ScheduleNew(string wait) => Format(wait);
    public string ScheduleRhythm(string wait, string span) => Format([wait, span]);
    public string ScheduleCatchUp(string wait) => Format(wait);
    public string ScheduleQuiet(string wait, string span) => Format([wait, span]);
    public string ScheduleSilent(string wait, string span) => Format([wait, span]);
    public string ScheduleHub(string wait) => Format(wait);
    public string SchedulePublisherAsks(string wait, string span) => Format([wait, span]);
    public string ScheduleSkippedHours(string wait) => Format(wait);
    public string ScheduleShortestAllowed(string wait) => Format(wait);
    public string ScheduleLongestAllowed(string wait) => Format(wait);
    public string ScheduleFailing(string wait, string count) => Format([wait, count]);
    public string ScheduleRetryAfter(string wait) => Format(wait);
    public string ScheduleRetired => Get();
    public string DurationDays(int number) => Format(number);
    public string DurationHours(int number) => Format(number);
    public string DurationMinutes(int number) => Format(number);
    public string DurationSeconds(int number) => Format(number);

    /// <summary>A failure of a source, as a sentence. English has the sentence that the failure was stored with, which knows more.</summary>
    public string Of(FetchFailure failure) => _culture.TwoLetterISOLanguageName == "en" ? failure.Message : failure.Kind switch
    {
        FetchFailureKind.UnknownHost => FailureUnknownHost,
        FetchFailureKind.ConnectionFailed => FailureConnection,
        FetchFailureKind.CertificateInvalid => FailureCertificate,
        FetchFailureKind.TimedOut => FailureTimedOut,
        FetchFailureKind.TargetRefused => FailureTarget,
        FetchFailureKind.RedirectLoop or FetchFailureKind.RedirectInvalid => FailureRedirect,
        FetchFailureKind.NotFound => FailureNotFound,
        FetchFailureKind.AccessDenied => FailureDenied,
        FetchFailureKind.TooManyRequests => FailureTooMany,
        FetchFailureKind.ClientError => FailureClient,
        FetchFailureKind.ServerError => FailureServer,
        FetchFailureKind.Gone => FailureGone,
        FetchFailureKind.TooLarge => FailureTooLarge,
        FetchFailureKind.BodyBroken => FailureBody,
        FetchFailureKind.EmptyBody => FailureEmpty,
        FetchFailureKind.HtmlInsteadOfFeed => FailureHtml,
        FetchFailureKind.NotAFeed => FailureNotAFeed,
        FetchFailureKind.DocumentMissing => FailureDocument,
        FetchFailureKind.ProtocolError => FailureProtocol,
        FetchFailureKind.Truncated => FailureTruncated,
        _ => FailureInternal,
    };

    // Take-downs
    public string TakedownTitle => Get();
    public string TakedownAbout => Get();
    public string TakedownLead => Get();
    public string TakedownReasonLabel => Get();
    public string TakedownChoose => Get();
    public string ReasonCopyright => Get();
    public string ReasonPrivacy => Get();
    public string ReasonIncorrect => Get();
    public string ReasonLegal => Get();
    public string ReasonOther => Get();
    public string TakedownMessage => Get();
    public string TakedownContact => Get();
    public string TakedownSend => Get();
    public string TakedownNoReason => Get();
    public string TakedownNoMessage => Get();
    public string TakedownTooLong(int message, int contact) => Format([message, contact]);
    public string TakedownTooMany(int minutes) => Format(minutes);
    public string TakedownFull => Get();
    public string TakedownReceived => Get();
    public string TakedownNumberIs(long number) => Format(number);
    public string TakedownThanks => Get();
    public string TakenDown => Get();
    public string TakenDownLegally => Get();
    public string HashesStay => Get();
    public string DashboardTakedowns => Get();
    public string DashboardNoTakedowns => Get();
    public string DashboardDecided => Get();
    public string DashboardTakenDown => Get();
    public string DashboardTakedownRefused => Get();
    public string DashboardTakedownUndone => Get();
    public string DashboardNote => Get();
    public string DashboardTakeDown => Get();
    public string DashboardTakeDownLegally => Get();
    public string DashboardRefuse => Get();
    public string DashboardUndo => Get();
    public string DashboardApproved => Get();
    public string DashboardApprovedLegally => Get();
    public string DashboardRefused => Get();
    public string DashboardUndoUntil(string time) => Format(time);
    public string DashboardPurged(string time) => Format(time);
    public string DashboardArticle(long number) => Format(number);
    public string DashboardNoteTooLong(int max) => Format(max);
    public string OutcomeAlreadyDecided => Get();
    public string OutcomeEntryGone => Get();
    public string OutcomeTooLate => Get();

    /// <summary>Why somebody asks for a take-down.</summary>
    public string Of(TakedownReason reason) => reason switch
    {
        TakedownReason.Copyright => ReasonCopyright,
        TakedownReason.Privacy => ReasonPrivacy,
        TakedownReason.Incorrect => ReasonIncorrect,
        TakedownReason.Legal => ReasonLegal,
        _ => ReasonOther,
    };

    /// <summary>Why a decision about a take-down was not carried out.</summary>
    public string Of(TakedownOutcome outcome) => outcome switch
    {
        TakedownOutcome.EntryGone => OutcomeEntryGone,
        TakedownOutcome.TooLate => OutcomeTooLate,
        _ => OutcomeAlreadyDecided,
    };

    /// <summary>Why a source is due when it is: its stored reason as a sentence, or the sentence that an older version stored.</summary>
    public string? Of(string? storedReason) => ScheduleReason.Parse(storedReason) is { } reason ? Of(reason) : storedReason;

    /// <summary>The same for a reason.</summary>
    public string Of(ScheduleReason reason) => reason.Kind switch
    {
        ScheduleReasonKind.New => ScheduleNew(Of(reason.Wait)),
        ScheduleReasonKind.Rhythm => ScheduleRhythm(Of(reason.Wait), Of(reason.Span ?? reason.Wait)),
        ScheduleReasonKind.CatchUp => ScheduleCatchUp(Of(reason.Wait)),
        ScheduleReasonKind.Quiet => ScheduleQuiet(Of(reason.Wait), Of(reason.Span ?? reason.Wait)),
        ScheduleReasonKind.Silent => ScheduleSilent(Of(reason.Wait), Of(reason.Span ?? reason.Wait)),
        ScheduleReasonKind.Hub => ScheduleHub(Of(reason.Wait)),
        ScheduleReasonKind.PublisherAsks => SchedulePublisherAsks(Of(reason.Wait), Of(reason.Span ?? reason.Wait)),
        ScheduleReasonKind.SkippedHours => ScheduleSkippedHours(Of(reason.Wait)),
        ScheduleReasonKind.ShortestAllowed => ScheduleShortestAllowed(Of(reason.Wait)),
        ScheduleReasonKind.LongestAllowed => ScheduleLongestAllowed(Of(reason.Wait)),
        ScheduleReasonKind.Failing => ScheduleFailing(Of(reason.Wait), (reason.Count ?? 1).ToString(_culture)),
        ScheduleReasonKind.RetryAfter => ScheduleRetryAfter(Of(reason.Wait)),
        ScheduleReasonKind.Retired => ScheduleRetired,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason.Kind, "There is no sentence for this reason."),
    };

    /// <summary>A time in one unit: in the largest of which it has at least two.</summary>
    public string Of(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => DurationDays((int)Math.Round(time.TotalDays)),
        { TotalHours: >= 2 } => DurationHours((int)Math.Round(time.TotalHours)),
        { TotalMinutes: >= 2 } => DurationMinutes((int)Math.Round(time.TotalMinutes)),
        _ => DurationSeconds((int)Math.Round(time.TotalSeconds)),
    };

    private string Get([CallerMemberName] string key = "") =>
        Resources.GetString(key, _culture) ?? throw new MissingManifestResourceException($"Text.{key} is missing in {_culture.Name}.");

    private string Format(object argument, [CallerMemberName] string key = "") => string.Format(_culture, Get(key), argument);

    private string Format(object[] arguments, [CallerMemberName] string key = "") => string.Format(_culture, Get(key), arguments);
}
