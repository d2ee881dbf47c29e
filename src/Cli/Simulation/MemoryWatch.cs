using System.Globalization;
using RmStack.Hypervisor;
using RmStack.Hypervisor.Objects;
using RmStack.Machine.Memory;
using RmStack.Machine.Mmu;

namespace RmStack.Cli.Simulation;

/// <summary>
/// Who owns a set of physical pages and which VMs reach them: looked up in the hypervisor's own tables, so it is what is,
/// not what was asked for.
/// </summary>
public sealed class MemoryWatch
{
    private const ulong PageSize = PhysicalMemory.PageSize;

    private readonly GunyahHypervisor _hypervisor;
    private readonly ulong[] _pages;
    private readonly Dictionary<HypObject, string> _names = [];
    private string _others = "the Resource Manager";

    /// <summary>Watches pages that belong to a VM now.</summary>
    /// <param name="hypervisor">The hypervisor.</param>
    /// <param name="pages">Physical addresses.</param>
    /// <param name="owner">The VM's name.</param>
    public MemoryWatch(GunyahHypervisor hypervisor, IEnumerable<ulong> pages, string owner)
    {
        _hypervisor = hypervisor;
        _pages = [.. pages];
        foreach (var page in _pages)
            if (hypervisor.Ownership.OwnerOf(page) is { } extent)
                _names[extent] = owner;
    }

    /// <summary>The pages.</summary>
    public IReadOnlyList<ulong> Pages => _pages;

    /// <summary>Names whatever owns pages and has no name yet.</summary>
    public void NameOthers(string name) => _others = name;

    /// <summary>One line for each way in which pages are owned and mapped.</summary>
    public IReadOnlyList<string> Describe()
    {
        var views = Views();
        var groups = new List<(string Text, ulong First, ulong Count, ulong Pieces, ulong Last)>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var page in _pages)
        {
            var text = Describe(page, views);
            if (!places.TryGetValue(text.Key, out var at))
            {
                places[text.Key] = groups.Count;
                groups.Add((text.Text, page, 1, 1, page));
                continue;
            }

            var group = groups[at];
            groups[at] = group with { Count = group.Count + 1, Pieces = group.Pieces + (group.Last + PageSize == page ? 0UL : 1), Last = page };
        }

        return [.. groups.Select(static g => g.Pieces == 1
            ? string.Create(CultureInfo.InvariantCulture, $"0x{g.First:x}+0x{g.Count * PageSize:x}: {g.Text}")
            : string.Create(CultureInfo.InvariantCulture, $"{g.Count} pages in {g.Pieces} pieces from 0x{g.First:x}: {g.Text}"))];
    }

    /// <summary>Pages that a VM can reach at any address.</summary>
    public int CountReachableBy(ushort vmid)
    {
        var count = 0;
        foreach (var view in Views())
            if (view.Vmid == vmid)
                count += _pages.Count(page => view.Find(page) is not null);
        return count;
    }

    private (string Key, string Text) Describe(ulong page, List<View> views)
    {
        var owner = _hypervisor.Ownership.OwnerOf(page);
        var name = owner is null ? "nobody" : owner is Partition ? "the hypervisor" : _names.GetValueOrDefault(owner, _others);
        var key = "owner " + name;
        var mapped = "";
        foreach (var view in views)
        {
            if (view.Find(page) is not { } ipa) continue;
            key += " " + view.Name;
            mapped += (mapped.Length == 0 ? ", mapped by " : " and ") + view.Name;
            if (ipa != page) mapped += string.Create(CultureInfo.InvariantCulture, $" at 0x{ipa:x}");
        }

        return (key, "owner " + name + (mapped.Length == 0 ? ", mapped by nobody" : mapped));
    }

    private List<View> Views()
    {
        var views = new List<View>();
        foreach (var vcpu in _hypervisor.Scheduler.VCpus)
            if (vcpu.AddressSpace is { State: ObjectState.Active } space && !views.Exists(view => view.Vmid == space.Vmid))
                views.Add(new View(space));
        views.Sort(static (a, b) => a.Vmid.CompareTo(b.Vmid));
        return views;
    }

    /// <summary>A VM's stage 2 the other way round.</summary>
    private sealed class View
    {
        private readonly Stage2Mapping[] _byPhysical;

        public View(AddressSpace space)
        {
            Vmid = space.Vmid;
            Name = VmNames.Of(space.Vmid);
            _byPhysical = [.. space.Stage2.Mappings.OrderBy(static mapping => mapping.Pa)];
        }

        public ushort Vmid { get; }

        public string Name { get; }

        public ulong? Find(ulong pa)
        {
            int low = 0, high = _byPhysical.Length - 1;
            while (low <= high)
            {
                var middle = (low + high) >> 1;
                var mapping = _byPhysical[middle];
                if (pa < mapping.Pa) high = middle - 1;
                else if (pa >= mapping.Pa + mapping.Size) low = middle + 1;
                else return mapping.Ipa + (pa - mapping.Pa);
            }

            return null;
        }
    }
}
