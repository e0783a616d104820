using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;
using Aggregator.Core.Model;
using Aggregator.Core.Routing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Aggregator.Server.Categories;
using Aggregator.Server.Embed;
using Aggregator.Server.Settings;
using Aggregator.Server.Sources;
using Aggregator.Server.Subscriptions;

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
    public string BotPages(string productToken) => Format(productToken);

    // Lists
    public string More => Get();
    public string Untitled => Get();
    public string NoCategories => Get();
    public string NoEntries => Get();
    public string Newer => Get();
    public string Older => Get();
    public string Pages => Get();
    public string Subscribe => Get();
    public string SubscribeSentence => Get();
    public string Everything(string site) => Format(site);
    public string SourceWebsite => Get();

    // Lists and pages for readers
    public string SiteDescription(string site) => Format(site);
    public string FooterWhat => Get();
    public string ContactAndTakedown => Get();
    public string SourcesTitle => Get();
    public string Today(string date) => Format(date);
    public string Yesterday(string date) => Format(date);
    public string Filter => Get();
    public string FilterAllSources => Get();
    public string FilterAllLanguages => Get();
    public string FilterApply => Get();
    public string FilterClear => Get();
    public string FilteredTo(string choices) => Format(choices);
    public string FilterNothing => Get();
    public string NewSince(string count) => Format(count);
    public string NewMark => Get();
    public string Copy => Get();
    public string Copied => Get();
    public string CopyAddressOf(string format) => Format(format);
    public string Latest => Get();
    public string AllSources => Get();
    public string SourcesLead => Get();
    public string NoSources => Get();
    public string MoreArticlesThan(int count) => Format(Counted(count));
    public string ArticleCount(int count) => Format(Counted(count));
    public string UpdatedAt => Get();
    public string NeverUpdated => Get();
    public string FirstSources => Get();
    public string MoreSources => Get();
    public string InThisCategory(string category) => Format(category);
    public string NewerArticle => Get();
    public string OlderArticle => Get();
    public string AboutReadTitle => Get();
    public string AboutRead => Get();
    public string AboutSources => Get();
    public string AboutRemoveTitle => Get();
    public string AboutRemove => Get();

    // Search, and about this site
    public string Search => Get();
    public string SearchLabel => Get();
    public string SearchTitle(string query) => Format(query);
    public string SearchFeed(string query) => Format(query);
    public string SearchDescription(string site) => Format(site);
    public string SearchNarrow => Get();
    public string SearchAll => Get();
    public string SearchLanguage => Get();
    public string SearchFrom => Get();
    public string SearchTo => Get();
    public string SearchOrder => Get();
    public string SearchNewest => Get();
    public string SearchRelevance => Get();
    public string SearchVersions => Get();
    public string SearchDays(string zone) => Format(zone);
    public string SearchHelp => Get();
    public string SearchGaveUp => Get();
    public string SearchNothing => Get();
    public string SearchCount(int count) => Format(Counted(count));
    public string SearchMoreThan(int count) => Format(Counted(count));
    public string SearchMoreResults => Get();
    public string SearchInEarlier(string time) => Format(time);
    public string SearchOriginals(int count) => Format(count);
    public string SearchNoOriginal => Get();
    public string SearchTooLong(int max) => Format(max);
    public string SearchTooMany => Get();

    // What a visitor follows
    public string MySubscriptions => Get();
    public string SubscriptionsLead => Get();
    public string Follow => Get();
    public string Unfollow => Get();
    public string FollowedNow => Get();
    public string FollowAsk => Get();
    public string ChooseWhat(int count) => Format(count);
    public string ReadSubscriptions => Get();
    public string SavePicks => Get();
    public string PicksSaved => Get();
    public string PicksOthers => Get();
    public string PicksHow => Get();
    public string PicksFull => Get();
    public string CarryTitle => Get();
    public string CarrySentence => Get();
    public string CarryCopy => Get();
    public string CarryOpml => Get();
    public string OwnFeedsSentence => Get();
    public string ForgetTitle => Get();
    public string ForgetSentence(int days) => Format(days);
    public string Forget => Get();
    public string Forgotten => Get();
    public string SubscriptionsGone => Get();
    public string SubscriptionsTooMany => Get();
    public string AdoptTitle => Get();
    public string AdoptSentence => Get();
    public string AdoptEmpty => Get();
    public string AdoptInstead => Get();
    public string Adopt => Get();
    public string AdoptAdd => Get();
    public string ImportListTitle => Get();
    public string ImportListLabel(int megabytes) => Format(megabytes);
    public string ImportListSend => Get();
    public string ImportListNone => Get();
    public string ImportListTooLarge(int megabytes) => Format(megabytes);
    public string ImportListNoList => Get();
    public string ImportListFound(int found, int followed) => Format([found, followed]);
    public string ImportListMissing(int count) => Format(count);
    public string ImportListCut(int max) => Format(max);
    public string AboutTitle => Get();
    public string AboutWhat => Get();
    public string AboutRights => Get();
    public string AboutFindTitle => Get();
    public string AboutFind => Get();
    public string AboutBookmarklet => Get();
    public string AboutBookmarkletName => Get();
    public string AboutBot => Get();

    // Article
    public string Category => Get();
    public string Published => Get();
    public string FirstSeen => Get();
    public string Source => Get();
    public string Authors => Get();
    public string NoBody => Get();
    public string OnlySummary => Get();
    public string OnlyTitle => Get();
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
    public string License => Get();
    public string RelatedArticles => Get();
    public string MoreOf(string category) => Format(category);
    public string AlsoAtOne => Get();
    public string AlsoAtMany(int count) => Format(count);
    public string SameStory => Get();
    public string CompareStory => Get();
    public string StoryFirst => Get();
    public string StoryAbout(int sources) => Format(sources);
    public string StoryLeads => Get();
    public string StoryCompare => Get();
    public string StoryCompared => Get();
    public string StoryDifference(string source) => Format(source);
    public string StoryWithheld => Get();
    public string DashboardStories => Get();
    public string DashboardStoriesLead => Get();
    public string DashboardStoryOne => Get();
    public string DashboardStoryOther => Get();
    public string DashboardStoryJoin => Get();
    public string DashboardStorySplit => Get();
    public string DashboardNoStories => Get();
    public string DashboardStorySplitDone => Get();
    public string DashboardStoryJoined => Get();
    public string DashboardStoryNumbers => Get();
    public string DashboardStoryNotFound => Get();
    public string DashboardStoryUnchanged => Get();
    public string DashboardStoryTooLarge(int most) => Format(most);
    internal string AlsoAt(int count) => count == 1 ? AlsoAtOne : AlsoAtMany(count);
    public string YouAreHere => Get();
    public string NamedSource => Get();
    public string Credits => Get();
    public string TakenFromPage => Get();
    public string Headline => Get();
    public string HeadlineIsNewer(int version) => Format(version);

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
    public string TextWithheld => Get();
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
    public string WithheldVersion => Get();
    public string NotRepublished => Get();
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
    public string SignInWith(string provider) => Format(provider);
    public string OpenIdUnreachable(string provider) => Format(provider);
    public string OpenIdFailed(string provider) => Format(provider);
    public string OpenIdDenied(string provider) => Format(provider);
    public string OpenIdNoRole(string provider) => Format(provider);
    public string OpenIdDisabled(string provider) => Format(provider);
    public string OpenIdNameTaken(string provider) => Format(provider);
    public string OpenIdNoName(string provider) => Format(provider);
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

    // The list of changes
    public string Administration => Get();
    public string Audit => Get();
    public string AuditAll => Get();
    public string AuditNothing => Get();
    public string AuditWhen => Get();
    public string AuditWho => Get();
    public string AuditWhat => Get();
    public string AuditSubject => Get();
    public string AuditBeforeAfter => Get();
    public string AuditKindAccount => Get();
    public string AuditKindBackup => Get();
    public string AuditKindCategory => Get();
    public string AuditKindKey => Get();
    public string AuditKindSession => Get();
    public string AuditKindSource => Get();
    public string AuditKindSubscriptions => Get();
    public string AuditKindTakedown => Get();
    public string AuditVerbAdd => Get();
    public string AuditVerbApprove => Get();
    public string AuditVerbDelete => Get();
    public string AuditVerbDisable => Get();
    public string AuditVerbDownload => Get();
    public string AuditVerbEdit => Get();
    public string AuditVerbEnable => Get();
    public string AuditVerbEnd => Get();
    public string AuditVerbImport => Get();
    public string AuditVerbMove => Get();
    public string AuditVerbPassword => Get();
    public string AuditVerbPause => Get();
    public string AuditVerbRefresh => Get();
    public string AuditVerbRefuse => Get();
    public string AuditVerbResume => Get();
    public string AuditVerbRevoke => Get();
    public string AuditVerbRole => Get();
    public string AuditVerbUndo => Get();
    public string AuditVerbCreate => Get();
    public string AuditVerbRestore => Get();
    public string AuditVerbExport => Get();
    public string AuditVerbExportWithSecrets => Get();
    public string AuditVerbApply => Get();
    public string AuditVerbApplyAndDrop => Get();
    public string AuditVerbApplied => Get();
    public string AuditVerbForgetDropped => Get();
    public string AuditKindRules => Get();

    /// <summary>What was done, in words; what has none is shown as it is stored.</summary>
    public string Of(AuditedChange change)
    {
        var dot = change.Action.IndexOf('.', StringComparison.Ordinal);
        var (kind, verb) = dot < 0 ? ("", change.Action) : (change.Action[..dot], change.Action[(dot + 1)..]);
        var words = verb switch
        {
            "add" => AuditVerbAdd,
            "approve" => AuditVerbApprove,
            "delete" => AuditVerbDelete,
            "disable" => AuditVerbDisable,
            "download" => AuditVerbDownload,
            "edit" => AuditVerbEdit,
            "enable" => AuditVerbEnable,
            "end" => AuditVerbEnd,
            "import" => AuditVerbImport,
            "move" => AuditVerbMove,
            "password" => AuditVerbPassword,
            "pause" => AuditVerbPause,
            "refresh" => AuditVerbRefresh,
            "refuse" => AuditVerbRefuse,
            "resume" => AuditVerbResume,
            "revoke" => AuditVerbRevoke,
            "role" => AuditVerbRole,
            "retry" => AuditVerbRetry,
            "undo" => AuditVerbUndo,
            "create" => AuditVerbCreate,
            "restore" => AuditVerbRestore,
            "export" => AuditVerbExport,
            "export-with-secrets" => AuditVerbExportWithSecrets,
            "apply" => AuditVerbApply,
            "apply-and-drop" => AuditVerbApplyAndDrop,
            "applied" => AuditVerbApplied,
            "forget-dropped" => AuditVerbForgetDropped,
            "join" => AuditVerbJoin,
            "link" => AuditVerbLink,
            "retention" => AuditVerbRetention,
            "split" => AuditVerbSplit,
            _ => verb,
        };
        var noun = kind switch
        {
            "account" => AuditKindAccount,
            "backup" => AuditKindBackup,
            "category" => AuditKindCategory,
            "key" => AuditKindKey,
            "session" => AuditKindSession,
            "source" => AuditKindSource,
            "hub" => AuditKindHub,
            "subscriptions" or "opml" => AuditKindSubscriptions,
            "rules" => AuditKindRules,
            "story" => AuditKindStory,
            "takedown" => AuditKindTakedown,
            _ => kind,
        };
        return noun.Length == 0 ? words : $"{noun} · {words}";
    }

    // How long things are kept
    public string Retention => Get();
    public string RetentionLead => Get();
    public string RetentionOrder => Get();
    public string RetentionSources => Get();
    public string RetentionOf => Get();
    public string RetentionWho => Get();
    public string RetentionHere => Get();
    public string RetentionConfigured => Get();
    public string RetentionGeneral => Get();
    public string RetentionEntries => Get();
    public string RetentionVersions => Get();
    public string RetentionDays => Get();
    public string RetentionCountOfSource => Get();
    public string RetentionCountOfCategory => Get();
    public string RetentionCountOfVersions => Get();
    public string RetentionHelp => Get();
    public string RetentionLeft => Get();
    public string RetentionForEver => Get();
    public string RetentionSave => Get();
    public string RetentionSaved => Get();
    public string RetentionForDays(int days) => Format(days);
    public string RetentionNewest(int count) => Format(count);
    public string RetentionForDaysOfNewest(int days, int count) => Format([days, count]);
    public string RetentionProblem(int maxDays, int maxCount, int minVersions) => Format([maxDays, maxCount, minVersions]);
    public string SourceBackToOne => Get();
    public string AuditVerbLink => Get();
    public string AuditVerbJoin => Get();
    public string AuditVerbSplit => Get();
    public string AuditVerbRetention => Get();
    public string AuditKindStory => Get();
    public string ImportReasonPrivate => Get();
    public string ImportReasonTitle => Get();
    public string ImportReasonZone => Get();
    public string ImportReasonLanguage => Get();
    public string ImportReasonRetention => Get();

    /// <summary>For how long something is kept.</summary>
    public string Of(RetentionRule? rule) => rule switch
    {
        null => RetentionLeft,
        { IsForEver: true } => RetentionForEver,
        { Count: 0 } => RetentionForDays(rule.Days),
        { Days: 0 } => RetentionNewest(rule.Count),
        _ => RetentionForDaysOfNewest(rule.Days, rule.Count),
    };

    // Accounts in the dashboard
    public string Accounts => Get();
    public string OwnAccount => Get();
    public string AccountChanged => Get();
    public string AccountRole => Get();
    public string AccountSince => Get();
    public string AccountDisabled => Get();
    public string AccountDisable => Get();
    public string AccountEnable => Get();
    public string AccountMakeAdmin => Get();
    public string AccountMakeViewer => Get();
    public string AccountAdd => Get();
    public string AccountUnknown => Get();
    public string AccountLastAdmin => Get();
    public string AccountNameTaken => Get();
    public string RoleAdmin => Get();
    public string RoleViewer => Get();
    public string PasswordNew => Get();
    public string PasswordCurrent => Get();
    public string PasswordChange => Get();
    public string PasswordReset => Get();
    public string PasswordEndsSessions => Get();
    public string WrongCurrentPassword => Get();
    public string Sessions => Get();
    public string SessionFrom => Get();
    public string SessionOpened => Get();
    public string SessionSeen => Get();
    public string SessionThis => Get();
    public string SessionEnd => Get();
    public string SessionsEndAll => Get();
    public string SessionsEndOthers => Get();
    public string SessionUnknown => Get();
    public string ApiKeys => Get();
    public string KeyName => Get();
    public string KeyScopes => Get();
    public string KeyExpires => Get();
    public string KeyExpired => Get();
    public string KeyNever => Get();
    public string KeyLastUsed => Get();
    public string KeyMake => Get();
    public string KeyMade => Get();
    public string KeyRevoke => Get();
    public string KeyUnknown => Get();
    public string KeyRefused(int max) => Format(max);

    /// <summary>Where a setting is from.</summary>
    public string Of(SettingOrigin origin) => origin switch
    {
        SettingOrigin.File => OriginFile,
        SettingOrigin.Environment => OriginEnvironment,
        SettingOrigin.CommandLine => OriginCommandLine,
        _ => OriginDefault,
    };

    /// <summary>What an account may do.</summary>
    public string Of(Core.Stores.AccountRole role) => role == Core.Stores.AccountRole.Admin ? RoleAdmin : RoleViewer;

    /// <summary>Why an account was not changed.</summary>
    public string Of(AccountChange change) => change == AccountChange.LastAdmin ? AccountLastAdmin : AccountUnknown;

    /// <summary>Why an account was not made.</summary>
    public string Of(AccountOutcome outcome) => outcome is AccountOutcome.Refused refused ? Of(refused.Problem) : AccountNameTaken;

    // Settings and backup
    public string Settings => Get();
    public string SettingsProgram => Get();
    public string SettingsDatabase => Get();
    public string SettingsSchema(string name) => Format(name);
    public string SettingsJobs => Get();
    public string SettingsConfigured => Get();
    public string SettingsKey => Get();
    public string SettingsValue => Get();
    public string SettingsOrigin => Get();
    public string SettingsElse => Get();
    public string OriginDefault => Get();
    public string OriginFile => Get();
    public string OriginEnvironment => Get();
    public string OriginCommandLine => Get();
    public string BackupTitle => Get();
    public string BackupNow => Get();
    public string BackupHolds => Get();
    public string BackupForAdmins => Get();
    public string BackupByPgDump => Get();

    /// <summary>Why an OpenID Connect provider's word was not enough to sign in.</summary>
    public string Of(SignInRefusal refusal, string provider) => refusal switch
    {
        SignInRefusal.Denied => OpenIdDenied(provider),
        SignInRefusal.Failed => OpenIdFailed(provider),
        SignInRefusal.NoRole => OpenIdNoRole(provider),
        SignInRefusal.NoName => OpenIdNoName(provider),
        SignInRefusal.NameTaken => OpenIdNameTaken(provider),
        SignInRefusal.Disabled => OpenIdDisabled(provider),
        SignInRefusal.Unreachable => OpenIdUnreachable(provider),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "There is no sentence for this refusal."),
    };

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
    public string SourcePinWarning => Get();
    public string SourceUserLabel => Get();
    public string SourcePasswordLabel => Get();
    public string SourceCookiesLabel => Get();
    public string SourceHeadersLabel => Get();
    public string SourceHeadersSet => Get();
    public string SourceSecretSet => Get();
    public string SourceRemove(string what) => Format(what);
    public string SourceSave => Get();
    public string SourceCaptureTitle => Get();
    public string SourceCaptureLead => Get();
    public string SourceCaptureMode => Get();
    public string SourceCaptureOff => Get();
    public string SourceCaptureWhenShort => Get();
    public string SourceCaptureAlways => Get();
    public string SourceCaptureShortBelow => Get();
    public string SourceCaptureKeep => Get();
    public string SourceCaptureRemove => Get();
    public string SourceCaptureSave => Get();
    public string SourceCaptureTry => Get();
    public string SourceCapturePage => Get();
    public string SourceCaptureBusy => Get();
    public string SourceCaptureFound(string title, int pages) => Format([title, pages]);
    public string RightsTitle => Get();
    public string RightsInForce(string level) => Format(level);
    public string RepublishFull => Get();
    public string RepublishSummary => Get();
    public string RepublishTitle => Get();
    public string RepublishNothing => Get();
    public string RightsSet(string level) => Format(level);
    public string RightsOfCategories(string level) => Format(level);
    public string RightsUnset => Get();
    public string RightsBlocked => Get();
    public string RightsDenied => Get();
    public string RightsNotArchived => Get();
    public string RightsAgreed => Get();
    public string RightsOfEntries => Get();
    public string RightsNewest => Get();
    public string SourceRepublishLabel => Get();
    public string SourceRepublishByCategory => Get();
    public string SourcePublisherAgrees => Get();
    public string ProblemRepublish => Get();
    public string ImportReasonRepublish(string detail) => Format(detail);
    public string ProblemCapture => Get();
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
    public string AddNotLooked => Get();
    public string ProblemAddress => Get();
    public string ProblemAddressMasked => Get();
    public string ProblemAddressLength => Get();
    public string ProblemPrivate => Get();
    public string ProblemTaken => Get();
    public string ProblemTitle(int max) => Format(max);
    public string ProblemCategory => Get();
    public string ProblemZone => Get();
    public string ProblemLanguage => Get();
    public string ProblemInterval(int max) => Format(max);
    public string ProblemRequest => Get();
    public string ProblemProxyMasked => Get();
    public string ProblemChanged => Get();
    public string ReadOnlyAccount => Get();

    /// <summary>Why what was entered for a source is refused. English has the sentence that knows more, where there is one.</summary>
    public string Of(SourceProblem problem) => problem.Detail is { } detail && _culture.TwoLetterISOLanguageName == "en" ? detail : problem.Field switch
    {
        SourceField.Address => ProblemAddress,
        SourceField.AddressLength => ProblemAddressLength,
        SourceField.PrivateAddress => ProblemPrivate,
        SourceField.AddressMasked => ProblemAddressMasked,
        SourceField.AddressTaken => ProblemTaken,
        SourceField.Title => ProblemTitle(SourceEdit.MaxTitleLength),
        SourceField.Category => ProblemCategory,
        SourceField.Zone => ProblemZone,
        SourceField.Language => ProblemLanguage,
        SourceField.Interval => ProblemInterval(SourceRules.MaxMinutes),
        SourceField.Request => ProblemRequest,
        SourceField.ProxyMasked => ProblemProxyMasked,
        SourceField.Capture => ProblemCapture,
        SourceField.Republish => ProblemRepublish,
        SourceField.Changed => ProblemChanged,
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
    public string ScheduleFresh(string wait, string span) => Format([wait, span]);
    public string ScheduleNotBefore(string time) => Format(time);
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
    // The messages are English, with the status in them where it says more than the words.
    public string Of(FetchFailure failure) => _culture.TwoLetterISOLanguageName == "en" ? failure.Message
        : failure is { HttpStatus: { } status, Kind: FetchFailureKind.ClientError or FetchFailureKind.ServerError or FetchFailureKind.AccessDenied }
            ? string.Create(CultureInfo.InvariantCulture, $"{SentenceOf(failure.Kind).TrimEnd('。')}（HTTP {status}）。")
            : SentenceOf(failure.Kind);

    private string SentenceOf(FetchFailureKind kind) => kind switch
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

    // Embeds
    public string EmbedTitle => Get();
    public string EmbedLead => Get();
    public string EmbedCategory => Get();
    public string EmbedLayout => Get();
    public string EmbedTheme => Get();
    public string EmbedCount => Get();
    public string EmbedAccent => Get();
    public string EmbedLanguage => Get();
    public string EmbedVisitorsLanguage => Get();
    public string EmbedExcerpts => Get();
    public string EmbedImages => Get();
    public string EmbedShow => Get();
    public string EmbedPreview => Get();
    public string EmbedElementTitle => Get();
    public string EmbedElementLead => Get();
    public string EmbedFrameTitle => Get();
    public string EmbedFrameLead => Get();
    public string EmbedOEmbedTitle => Get();
    public string EmbedOEmbedLead => Get();
    public string EmbedFault(string field) => Format(field);
    public string EmbedLayoutHeadlines => Get();
    public string EmbedLayoutList => Get();
    public string EmbedLayoutCards => Get();
    public string EmbedThemeAuto => Get();
    public string EmbedThemeLight => Get();
    public string EmbedThemeDark => Get();
    public string EmbedMore(string site) => Format(site);
    public string EmbedNotice => Get();
    public string ForSites => Get();

    /// <summary>The name of a layout of embedded lists.</summary>
    public string Of(EmbedLayout layout) => layout switch
    {
        Embed.EmbedLayout.Headlines => EmbedLayoutHeadlines,
        Embed.EmbedLayout.Cards => EmbedLayoutCards,
        _ => EmbedLayoutList,
    };

    /// <summary>The name of the colours of embedded lists.</summary>
    public string Of(EmbedTheme theme) => theme switch
    {
        Embed.EmbedTheme.Light => EmbedThemeLight,
        Embed.EmbedTheme.Dark => EmbedThemeDark,
        _ => EmbedThemeAuto,
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

    // Our hub in the dashboard
    public string HubTitle => Get();
    public string HubLead => Get();
    public string HubNone => Get();
    public string HubNoneFailing => Get();
    public string HubTotals(string subscriptions, string failing) => Format([subscriptions, failing]);
    public string HubWaiting(string count) => Format(count);
    public string HubLagLongest(string time) => Format(time);
    public string HubOnlyFailing => Get();
    public string HubAll => Get();
    public string HubTopic => Get();
    public string HubCallback => Get();
    public string HubLease => Get();
    public string HubLast => Get();
    public string HubCount => Get();
    public string HubLag => Get();
    public string HubState => Get();
    public string HubNever => Get();
    public string HubUpToDate => Get();
    public string HubBehind(string time) => Format(time);
    public string HubHolds => Get();
    public string HubFails(string count) => Format(count);
    public string HubNext(string time) => Format(time);
    public string HubPaused(string time) => Format(time);
    public string HubUnsigned => Get();
    public string HubEnd => Get();
    public string HubRetry => Get();
    public string HubEnded => Get();
    public string HubRetried => Get();
    public string HubGone => Get();
    public string HubOff => Get();
    public string AuditKindHub => Get();
    public string AuditVerbRetry => Get();

    // Categories, rules and subscription lists in the dashboard
    public string CategoryNone => Get();
    public string CategoryAddress => Get();
    public string CategoryTitle => Get();
    public string CategorySlugLabel => Get();
    public string CategorySlugHelp => Get();
    public string CategoryLanguage => Get();
    public string CategoryPosition => Get();
    public string CategoryDescription => Get();
    public string CategoryShowsAttribution => Get();
    public string CategoryRepublish => Get();
    public string CategoryRepublishNone => Get();
    public string CategoryRepublishHelp => Get();
    public string CategoryNew => Get();
    public string CategoryCreate => Get();
    public string CategorySave => Get();
    public string CategorySee => Get();
    public string CategoryBack => Get();
    public string CategoryBackToOne => Get();
    public string CategoryDelete => Get();
    public string CategoryDeleteNow => Get();
    public string CategoryKeep => Get();
    public string CategoryDeleteSources(int count) => Format(count);
    public string CategoryDeleteAddresses => Get();
    public string CategoryCreated => Get();
    public string CategorySaved => Get();
    public string CategoryDeleted => Get();
    public string CategoryOldSlugs => Get();
    public string CategoryOldSlugsHelp => Get();
    public string CategoryProblemTitle => Get();
    public string CategoryProblemSlug => Get();
    public string CategoryProblemSlugTaken => Get();
    public string CategoryProblemDescription => Get();
    public string CategoryProblemLanguage => Get();
    public string CategoryProblemPosition => Get();
    public string CategoryProblemGone => Get();
    public string CategoryProblemChanged => Get();
    public string ImportAndExport => Get();
    public string ImportTitle => Get();
    public string ImportHelp => Get();
    public string ImportFile(int megabytes) => Format(megabytes);
    public string ImportUrl => Get();
    public string ImportNow => Get();
    public string ImportNothing => Get();
    public string ImportTooLarge(int megabytes) => Format(megabytes);
    public string ImportLast => Get();
    public string ImportList => Get();
    public string ImportStarted => Get();
    public string ImportRunning => Get();
    public string ImportFinished => Get();
    public string ImportDone(string done, string total) => Format([done, total]);
    public string ImportAdded(string added, string known) => Format([added, known]);
    public string ImportRefused(string refused, string categories) => Format([refused, categories]);
    public string ImportLeftOut(string count) => Format(count);
    public string ImportOutcomeLabel => Get();
    public string ImportWhy => Get();
    public string ImportOutcomeAdded => Get();
    public string ImportOutcomeKnown => Get();
    public string ImportOutcomeRefused => Get();
    public string ImportOutcomePartly => Get();
    public string ImportReasonRepeated => Get();
    public string ImportReasonNotAnAddress => Get();
    public string ImportReasonNotADocument => Get();
    public string ImportReasonFetchSettings(string detail) => Format(detail);
    public string ImportReasonIntervals => Get();
    public string ImportReasonRules(string detail) => Format(detail);
    public string ImportReasonSlug(string slug) => Format(slug);
    public string ImportReasonPacked => Get();
    public string ImportReasonEntities => Get();
    public string ImportReasonNoList => Get();
    public string ImportReasonNotFetched(string detail) => Format(detail);
    public string ImportReasonBrokenOff => Get();
    public string ExportTitle => Get();
    public string ExportHelp => Get();
    public string ExportAll => Get();
    public string ExportFailing => Get();
    public string ExportSecrets => Get();
    public string ExportNow => Get();
    public string RulesTitle => Get();
    public string RulesOfCategory => Get();
    public string RulesOfSource => Get();
    public string RulesGrammar => Get();
    public string RulesOnePerLine => Get();
    public string RulesTry(int entries) => Format(entries);
    public string RulesSave => Get();
    public string RulesSaved => Get();
    public string RulesApplying => Get();
    public string RulesForgotten => Get();
    public string RulesTrial => Get();
    public string RulesTrialHits(int hits, int entries) => Format([hits, entries]);
    public string RulesEntry => Get();
    public string RulesWhatHappens => Get();
    public string RulesRule => Get();
    public string RulesWhen => Get();
    public string RulesStored => Get();
    public string RulesStoredHelp(int max) => Format(max);
    public string RulesStoredDrop => Get();
    public string RulesApply => Get();
    public string RulesDropped => Get();
    public string RulesDroppedHelp => Get();
    public string RulesForget => Get();
    public string RulesWhy => Get();
    public string RulesNowhere => Get();
    public string RulesBySource => Get();
    public string RulesByRule(string time) => Format(time);
    public string RulesToday => Get();
    public string RulesNone => Get();
    public string RulesHolds => Get();
    public string RulesHoldsNot => Get();
    public string RuleAt(int line, int column) => Format([line, column]);
    public string RuleExpected(string what) => Format(what);
    public string RuleField => Get();
    public string RuleText => Get();
    public string RuleRule => Get();
    public string RuleEnd => Get();
    public string RuleOr => Get();
    public string RuleNoSuchCategory(string slug) => Format(slug);
    public string RuleUnclosed => Get();
    public string RulePattern(string why) => Format(why);
    public string RuleTextLength(string max) => Format(max);
    public string RuleSlug => Get();
    public string RuleTooMany(string max) => Format(max);
    public string RuleTooDeep(string max) => Format(max);
    public string RuleTooLong(string max) => Format(max);

    public string Of(CategoryProblem problem) => problem switch
    {
        CategoryProblem.Title => CategoryProblemTitle,
        CategoryProblem.Slug => CategoryProblemSlug,
        CategoryProblem.SlugTaken => CategoryProblemSlugTaken,
        CategoryProblem.Description => CategoryProblemDescription,
        CategoryProblem.Language => CategoryProblemLanguage,
        CategoryProblem.Position => CategoryProblemPosition,
        CategoryProblem.Republish => ProblemRepublish,
        CategoryProblem.Gone => CategoryProblemGone,
        CategoryProblem.Changed => CategoryProblemChanged,
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "There is no sentence for this problem."),
    };

    public string Of(ImportOutcome outcome) => outcome switch
    {
        ImportOutcome.Added => ImportOutcomeAdded,
        ImportOutcome.Known => ImportOutcomeKnown,
        ImportOutcome.Refused => ImportOutcomeRefused,
        ImportOutcome.Partly => ImportOutcomePartly,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "There is no word for this outcome."),
    };

    /// <summary>Why a line of a subscription list was not taken, or not wholly; empty when nothing is wrong.</summary>
    public string Of(ImportLine line) => line.Reason switch
    {
        ImportReason.None => "",
        ImportReason.Repeated => ImportReasonRepeated,
        ImportReason.NotAnAddress => ImportReasonNotAnAddress,
        ImportReason.NotADocument => ImportReasonNotADocument,
        ImportReason.FetchSettings => ImportReasonFetchSettings(line.Detail ?? ""),
        ImportReason.Intervals => ImportReasonIntervals,
        ImportReason.Rules => ImportReasonRules(line.Detail ?? ""),
        ImportReason.Capture => ProblemCapture,
        ImportReason.Private => ImportReasonPrivate,
        ImportReason.Title => ImportReasonTitle,
        ImportReason.Zone => ImportReasonZone,
        ImportReason.Language => ImportReasonLanguage,
        ImportReason.Retention => ImportReasonRetention,
        ImportReason.Republish => ImportReasonRepublish(line.Detail ?? ""),
        ImportReason.Slug => ImportReasonSlug(line.Detail ?? ""),
        ImportReason.TooLarge => ImportTooLarge((int)(SubscriptionImport.MaxBytes / 1024 / 1024)),
        ImportReason.Packed => ImportReasonPacked,
        ImportReason.Entities => ImportReasonEntities,
        ImportReason.NoFile or ImportReason.NoList => ImportReasonNoList,
        ImportReason.NotFetched => ImportReasonNotFetched(line.Detail ?? ""),
        ImportReason.BrokenOff => ImportReasonBrokenOff,
        _ => throw new ArgumentOutOfRangeException(nameof(line), line.Reason, "There is no sentence for this reason."),
    };

    /// <summary>Where and why rules cannot be read.</summary>
    public string Of(RoutingProblem problem) => RuleAt(problem.Line, problem.Column) + " " + problem.Kind switch
    {
        RoutingProblemKind.Expected => RuleExpected(problem.Detail switch
        {
            RoutingProblem.AField => RuleField,
            RoutingProblem.AText => RuleText,
            RoutingProblem.ARule => RuleRule,
            RoutingProblem.TheEnd => RuleEnd,
            var words => words.Replace(" or ", RuleOr, StringComparison.Ordinal),
        }),
        RoutingProblemKind.NoSuchCategory => RuleNoSuchCategory(problem.Detail),
        RoutingProblemKind.Unclosed => RuleUnclosed,
        RoutingProblemKind.Pattern => RulePattern(problem.Detail),
        RoutingProblemKind.TextLength => RuleTextLength(problem.Detail),
        RoutingProblemKind.Slug => RuleSlug,
        RoutingProblemKind.TooMany => RuleTooMany(problem.Detail),
        RoutingProblemKind.TooDeep => RuleTooDeep(problem.Detail),
        RoutingProblemKind.TooLong => RuleTooLong(problem.Detail),
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem.Kind, "There is no sentence for this problem."),
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
        ScheduleReasonKind.Fresh => ScheduleFresh(Of(reason.Wait), Of(reason.Span ?? reason.Wait)),
        ScheduleReasonKind.SkippedHours => ScheduleSkippedHours(Of(reason.Wait)),
        ScheduleReasonKind.ShortestAllowed => ScheduleShortestAllowed(Of(reason.Wait)),
        ScheduleReasonKind.LongestAllowed => ScheduleLongestAllowed(Of(reason.Wait)),
        ScheduleReasonKind.Failing => ScheduleFailing(Of(reason.Wait), (reason.Count ?? 1).ToString(_culture)),
        ScheduleReasonKind.RetryAfter => ScheduleRetryAfter(Of(reason.Wait)),
        ScheduleReasonKind.Retired => ScheduleRetired,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason.Kind, "There is no sentence for this reason."),
    };

    /// <summary>How much of an entry may be shown.</summary>
    public string Of(RepublishLevel level) => level switch
    {
        RepublishLevel.Full => RepublishFull,
        RepublishLevel.Summary => RepublishSummary,
        RepublishLevel.Title => RepublishTitle,
        _ => RepublishNothing,
    };

    /// <summary>Which pages of a source are captured.</summary>
    public string Of(CaptureMode mode) => mode switch
    {
        CaptureMode.WhenShort => SourceCaptureWhenShort,
        CaptureMode.Always => SourceCaptureAlways,
        _ => SourceCaptureOff,
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

    /// <summary>A number as people write it: thousands apart.</summary>
    private string Counted(int count) => count.ToString("N0", _culture);

    private string Format(object argument, [CallerMemberName] string key = "") => string.Format(_culture, Get(key), argument);

    private string Format(object[] arguments, [CallerMemberName] string key = "") => string.Format(_culture, Get(key), arguments);
}
