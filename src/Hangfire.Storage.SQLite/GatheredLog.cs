using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hangfire.Storage.SQLite;

/// <summary>
/// A way for SQLite to its files (a "VFS") that is the system's own but for one thing: what a commit appends to the write-ahead log
/// goes there with one call, not with two for each page. Those calls were half of what a commit cost.
/// </summary>
/// <remarks>
/// A frame of the log is a header of 24 bytes and a page; the header of a transaction's last frame says so
/// (https://www.sqlite.org/fileformat2.html#the_write_ahead_log). Only frames that are appended one after the other are gathered, and
/// only until the last of their transaction: they are in the file before SQLite tells a reader of them and before a commit returns,
/// and an error of the disk is the commit's. Whatever else is asked of the file finds it written. It is for the one session that
/// writes; others go the system's way beside it. What SQLite calls here may neither throw nor touch an object.
/// </remarks>
internal static unsafe partial class GatheredLog
{
    private const string Name = "hangfire-gathered-log";
    private const string Library = "e_sqlite3";

    private const int LogHeaderSize = 32;
    private const int FrameHeaderSize = 24;

    /// <summary>SQLite never writes more at once, and of more its Unix way takes the lower 17 bits of the number for the whole.</summary>
    private const int MaxPageSize = 65_536;

    /// <summary>Where a frame's header has the size of the database after the commit: four bytes, zero unless the frame is the last.</summary>
    private const int SizeAfterCommit = 4;

    /// <summary>A longer transaction is written in several calls.</summary>
    private const int MostGathered = 256 * 1024;

    private const int OpensLog = 0x80000;
    private const int Ok = 0;

    private static readonly Lock Registering = new();
    private static Vfs* _system;
    private static Vfs* _ours;
    private static FileMethods* _methods;

    /// <summary>The name to open a session with. SQLite knows it from the first call on, as long as the process lives.</summary>
    /// <exception cref="InvalidOperationException">SQLite refused it.</exception>
    public static string VfsName
    {
        get
        {
            lock (Registering)
            {
                if (_ours is null) Register();
            }

            return Name;
        }
    }

    private static void Register()
    {
        _system = FindVfs(null);
        _methods = (FileMethods*)NativeMemory.Alloc((nuint)sizeof(FileMethods));
        *_methods = new FileMethods
        {
            Version = 1,
            Close = &Close,
            Read = &Read,
            Write = &Write,
            Truncate = &Truncate,
            Sync = &Sync,
            FileSize = &FileSize,
            Lock = &Lock,
            Unlock = &Unlock,
            CheckReservedLock = &CheckReservedLock,
            FileControl = &FileControl,
            SectorSize = &SectorSize,
            DeviceCharacteristics = &DeviceCharacteristics,
        };

        var ours = (Vfs*)NativeMemory.Alloc((nuint)sizeof(Vfs));
        *ours = *_system;
        ours->FileSize += sizeof(Log);
        ours->Next = null;
        ours->Name = Marshal.StringToCoTaskMemUTF8(Name);
        ours->Open = &Open;
        if (RegisterVfs(ours, 0) is not Ok and var code) throw new InvalidOperationException($"SQLite refused a VFS with code {code}.");
        _ours = ours;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(Vfs* vfs, byte* name, Log* file, int flags, int* flagsOut)
    {
        if ((flags & OpensLog) == 0) return _system->Open(_system, name, file, flags, flagsOut);

        *file = new Log { Next = -1 };
        var code = _system->Open(_system, name, file->Real, flags, flagsOut);
        if (code == Ok) file->Methods = _methods;
        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(Log* file, byte* bytes, int count, long offset)
    {
        if (file->AwaitsPage && offset == file->Start + file->Length && count <= MaxPageSize)
        {
            Gather(file, bytes, count);
            file->AwaitsPage = false;
            file->Next = offset + count;
            return file->IsLast || file->Length > MostGathered - FrameHeaderSize - MaxPageSize ? Flush(file) : Ok;
        }

        // Anywhere else SQLite mends a frame that it has written, or begins again after a rollback.
        if (count == FrameHeaderSize && offset == file->Next && HasRoom(file))
        {
            if (file->Length == 0) file->Start = offset;
            file->IsLast = *(int*)(bytes + SizeAfterCommit) != 0;
            file->AwaitsPage = true;
            Gather(file, bytes, count);
            return Ok;
        }

        if (Flush(file) is not Ok and var code) return code;

        file->Next = offset + count;
        return file->RealMethods->Write(file->Real, bytes, count, offset);
    }

    private static bool HasRoom(Log* file)
    {
        if (file->Gathered is null) file->Gathered = (byte*)Allocate(MostGathered);
        return file->Gathered is not null;
    }

    private static void Gather(Log* file, byte* bytes, int count)
    {
        Unsafe.CopyBlockUnaligned(file->Gathered + file->Length, bytes, (uint)count);
        file->Length += count;
    }

    private static int Flush(Log* file)
    {
        var (length, code) = (file->Length, Ok);
        for (var written = 0; written < length && code == Ok; written += MaxPageSize)
            code = file->RealMethods->Write(file->Real, file->Gathered + written, Math.Min(MaxPageSize, length - written), file->Start + written);

        file->Length = 0;
        file->AwaitsPage = false;
        if (code != Ok) file->Next = -1;
        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(Log* file)
    {
        // Whatever is left belongs to a transaction that was not committed; SQLite writes such frames too, and nobody ever reads them.
        var flushed = Flush(file);
        if (file->Gathered is not null) Free(file->Gathered);
        file->Gathered = null;
        var closed = file->RealMethods->Close(file->Real);
        return closed != Ok ? closed : flushed;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(Log* file, byte* bytes, int count, long offset) =>
        Flush(file) is not Ok and var code ? code : file->RealMethods->Read(file->Real, bytes, count, offset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(Log* file, long size) =>
        Flush(file) is not Ok and var code ? code : file->RealMethods->Truncate(file->Real, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(Log* file, int flags) =>
        Flush(file) is not Ok and var code ? code : file->RealMethods->Sync(file->Real, flags);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(Log* file, long* size) =>
        Flush(file) is not Ok and var code ? code : file->RealMethods->FileSize(file->Real, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileControl(Log* file, int operation, void* argument) =>
        Flush(file) is not Ok and var code ? code : file->RealMethods->FileControl(file->Real, operation, argument);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Lock(Log* file, int level) => file->RealMethods->Lock(file->Real, level);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Unlock(Log* file, int level) => file->RealMethods->Unlock(file->Real, level);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CheckReservedLock(Log* file, int* isReserved) => file->RealMethods->CheckReservedLock(file->Real, isReserved);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SectorSize(Log* file) => file->RealMethods->SectorSize(file->Real);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int DeviceCharacteristics(Log* file) => file->RealMethods->DeviceCharacteristics(file->Real);

    [LibraryImport(Library, EntryPoint = "sqlite3_vfs_find")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial Vfs* FindVfs(byte* name);

    [LibraryImport(Library, EntryPoint = "sqlite3_vfs_register")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int RegisterVfs(Vfs* vfs, int makeDefault);

    [LibraryImport(Library, EntryPoint = "sqlite3_malloc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void* Allocate(int size);

    [LibraryImport(Library, EntryPoint = "sqlite3_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void Free(void* memory);

    /// <summary>The log as SQLite holds it: <c>sqlite3_file</c>, with the system's own behind it in the same memory.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Log
    {
        public FileMethods* Methods;

        /// <summary>Room for <see cref="MostGathered"/>; taken with the first frame, so that a session that only reads takes none.</summary>
        public byte* Gathered;

        /// <summary>Where in the file the gathered frames belong.</summary>
        public long Start;

        /// <summary>Where in the file the next frame is to be appended; −1 when that is not known.</summary>
        public long Next;

        public int Length;

        /// <summary>The last that was gathered is a header whose page comes next.</summary>
        public bool AwaitsPage;

        /// <summary>The frame under way is the last of its transaction.</summary>
        public bool IsLast;

        public readonly Log* Real => (Log*)Unsafe.AsPointer(ref Unsafe.Add(ref Unsafe.AsRef(in this), 1));

        public readonly FileMethods* RealMethods => Real->Methods;
    }

    /// <summary><c>sqlite3_io_methods</c> in its first version, which is all that a log needs.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileMethods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<Log*, int> Close;
        public delegate* unmanaged[Cdecl]<Log*, byte*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<Log*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<Log*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<Log*, int, int> Sync;
        public delegate* unmanaged[Cdecl]<Log*, long*, int> FileSize;
        public delegate* unmanaged[Cdecl]<Log*, int, int> Lock;
        public delegate* unmanaged[Cdecl]<Log*, int, int> Unlock;
        public delegate* unmanaged[Cdecl]<Log*, int*, int> CheckReservedLock;
        public delegate* unmanaged[Cdecl]<Log*, int, void*, int> FileControl;
        public delegate* unmanaged[Cdecl]<Log*, int> SectorSize;
        public delegate* unmanaged[Cdecl]<Log*, int> DeviceCharacteristics;
    }

    /// <summary><c>sqlite3_vfs</c>; what is not named here stays the system's.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Vfs
    {
        public int Version;
        public int FileSize;
        public int MaxPath;
        public Vfs* Next;
        public nint Name;
        public nint AppData;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, Log*, int, int*, int> Open;
        public OtherFunctions Others;

        /// <summary>From <c>xDelete</c> to <c>xNextSystemCall</c>.</summary>
        [InlineArray(15)]
        public struct OtherFunctions
        {
            private nint _first;
        }
    }
}
