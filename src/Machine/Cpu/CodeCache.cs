using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Memory;

namespace RmStack.Machine.Cpu;

/// <summary>The decoded copy of one physical page of code.</summary>
internal sealed unsafe class CodePage
{
    private readonly A64Op[] _ops = GC.AllocateUninitializedArray<A64Op>(Instructions + 1, pinned: true);

    /// <summary>Instructions in a page.</summary>
    public const int Instructions = PhysicalMemory.PageSize / 4;

    private readonly byte* _bytes;

    public CodePage(int page, byte* bytes)
    {
        Page = page;
        _bytes = bytes;
        fixed (A64Op* ops = _ops) Ops = ops;
    }

    /// <summary>Index of the physical page.</summary>
    public int Page { get; }

    /// <summary>One operation per instruction, and one more that goes on in the next page.</summary>
    public A64Op* Ops { get; }

    /// <summary>Generation of the page that was decoded.</summary>
    public uint Generation { get; set; }

    /// <summary>The word in memory that an operation stands for.</summary>
    public static uint WordOf(A64Op* op)
    {
        var end = op - (op->Offset >> 2) + Instructions;
        return *(uint*)((byte*)end->Imm + op->Offset);
    }

    /// <summary>Makes every instruction one that has to be decoded first.</summary>
    public void Clear(A64Handler decodeFirst, A64Handler nextPage)
    {
        for (var i = 0; i < Instructions; i++)
        {
            Ops[i] = default;
            Ops[i].Execute = decodeFirst;
            Ops[i].Offset = (ushort)(i * 4);
        }

        Ops[Instructions] = default;
        Ops[Instructions].Execute = nextPage;
        Ops[Instructions].Imm = (nint)_bytes;
    }
}

/// <summary>Decoded pages by physical page, a bounded number of them.</summary>
internal sealed unsafe class CodeCache(PhysicalMemory memory)
{
    // 24 bytes per instruction: 100 MB at most. A Linux kernel with some user space needs about 3000.
    private const int MaxPages = 4096;

    private readonly Dictionary<int, CodePage> _pages = [];

    /// <summary>True when there is no room for another page.</summary>
    public bool IsFull => _pages.Count >= MaxPages;

    /// <summary>Drops everything. No operation may be used afterwards.</summary>
    public void Clear() => _pages.Clear();

    /// <summary>Finds or makes the copy of a page, and makes it one of what the page holds now.</summary>
    /// <param name="page">Physical page.</param>
    /// <param name="decodeFirst">Handler of an instruction that was not decoded yet.</param>
    /// <param name="nextPage">Handler of the end of the page.</param>
    public CodePage Get(int page, A64Handler decodeFirst, A64Handler nextPage)
    {
        if (!_pages.TryGetValue(page, out var code))
        {
            code = new CodePage(page, memory.Pointer(memory.Base + ((ulong)page * PhysicalMemory.PageSize)));
            _pages.Add(page, code);
            code.Generation = memory.Generation(page) - 1;
        }

        if (code.Generation != memory.Generation(page))
        {
            code.Clear(decodeFirst, nextPage);
            code.Generation = memory.Generation(page);
        }

        memory.MarkCode(page);
        return code;
    }

    /// <summary>Drops what was decoded from bytes that this element has just written; the rest of the page stays.</summary>
    public void Written(int page, int offset, int length, A64Handler decodeFirst)
    {
        var current = _pages.TryGetValue(page, out var code) && code.Generation == memory.Generation(page);
        memory.DropCode(page);
        if (!current) return;
        for (var i = offset >> 2; i <= (offset + length - 1) >> 2; i++) code!.Ops[i].Execute = decodeFirst;
        code!.Generation = memory.Generation(page);
        memory.MarkCode(page);
    }
}
