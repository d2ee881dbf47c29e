namespace RmStack.Transport.Rpc;

/// <summary>Who is owed a reply. At most so many per VM, so that no VM can make the server remember without end.</summary>
internal sealed class DeferredReplies
{
    /// <summary>As many as notifications are kept for one VM; more calls than that no driver has open.</summary>
    public const int UsualMaxPerVm = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, int> _counts = [];
    private readonly Stack<int> _free = new();
    private Slot[] _slots = [];
    private int _used;

    public int MaxPerVm { get; set; } = UsualMaxPerVm;

    public int Count { get; private set; }

    public bool TryAdd(ushort vmid, RpcResponder responder, out int slot, out uint life)
    {
        lock (_gate)
        {
            slot = 0;
            life = 0;
            var count = _counts.GetValueOrDefault(vmid);
            if (count >= MaxPerVm)
                return false;
            _counts[vmid] = count + 1;
            Count++;
            if (!_free.TryPop(out slot))
            {
                slot = _used++;
                if (slot == _slots.Length)
                    Array.Resize(ref _slots, Math.Max(4, _slots.Length * 2));
            }

            ref var taken = ref _slots[slot];
            taken = new Slot { Responder = responder, Vmid = vmid, Life = taken.Life + 1, IsOwed = true };
            life = taken.Life;
            return true;
        }
    }

    public bool TryTake(int slot, uint life, out RpcResponder responder)
    {
        lock (_gate)
        {
            ref var owed = ref _slots[slot];
            responder = owed.Responder;
            if (!owed.IsOwed || owed.Life != life)
                return false;
            Free(slot);
            return true;
        }
    }

    public int Forget(ushort vmid)
    {
        lock (_gate)
        {
            var forgotten = 0;
            for (var slot = 0; slot < _used; slot++)
            {
                if (!_slots[slot].IsOwed || _slots[slot].Vmid != vmid)
                    continue;
                Free(slot);
                forgotten++;
            }

            return forgotten;
        }
    }

    private void Free(int slot)
    {
        ref var owed = ref _slots[slot];
        _counts[owed.Vmid]--;
        owed = new Slot { Life = owed.Life };
        _free.Push(slot);
        Count--;
    }

    private struct Slot
    {
        public RpcResponder Responder { get; init; }

        public ushort Vmid { get; init; }

        public uint Life { get; init; }

        public bool IsOwed { get; init; }
    }
}
