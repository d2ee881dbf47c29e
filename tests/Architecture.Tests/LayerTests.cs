using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using RmStack.Testing;

namespace RmStack.Architecture.Tests;

/// <summary>The arrows between the layers, held by what the compiled assemblies really refer to.</summary>
public class LayerTests
{
    private const string Protocol = "RmStack.Protocol";
    private const string Transport = "RmStack.Transport";
    private const string Machine = "RmStack.Machine";
    private const string Hypervisor = "RmStack.Hypervisor";
    private const string Native = "RmStack.Hypervisor.Native";
    private const string ResourceManager = "RmStack.ResourceManager";
    private const string Host = "RmStack.Host";

    public static TheoryData<string, string[]> Arrows => new()
    {
        { Protocol, [] },
        { Machine, [] },
        { Transport, [Protocol] },
        { Hypervisor, [Protocol, Machine] },
        { Native, [Hypervisor, Machine, Protocol, Transport] },
        { ResourceManager, [Native, Hypervisor, Machine, Protocol, Transport] },
        { Host, [Native, Hypervisor, Machine, Protocol, Transport] },
    };

    /// <summary>What the software of a VM may name of the layers below the boundary: the boundary's own assembly, file formats, and what it is handed at boot.</summary>
    public static TheoryData<string, string, string[]> Windows => new()
    {
        { ResourceManager, Machine, ["RmStack.Machine.DeviceTree"] },
        { ResourceManager, Hypervisor, ["RmStack.Hypervisor.RootVm", "RmStack.Hypervisor.RootVmConfiguration", "RmStack.Hypervisor.PlatformLayout", "RmStack.Hypervisor.Scheduling.VCpuRegisterSet"] },
        { Host, Machine, ["RmStack.Machine.DeviceTree", "RmStack.Machine.Images"] },
        { Host, Hypervisor, [] },
    };

    [Theory]
    [MemberData(nameof(Arrows))]
    public void An_assembly_refers_only_to_the_layers_it_stands_on(string assembly, string[] allowed)
    {
        var references = References(assembly).Where(name => name.StartsWith("RmStack.", StringComparison.Ordinal));
        Assert.Empty(references.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void Software_of_a_vm_names_nothing_behind_the_hypercalls(string assembly, string below, string[] allowed)
    {
        var named = TypesNamed(assembly, below);
        Assert.Empty(named.Where(type => !allowed.Any(a => type == a || type.StartsWith(a + ".", StringComparison.Ordinal))));
    }

    [Fact]
    public void The_machine_knows_nothing_of_gunyah()
    {
        // The exception is a name of a row of the CPU and GIC tables: what a Gunyah guest is shown of them.
        var types = Types(Machine).Where(t => t.Contains("Gunyah", StringComparison.OrdinalIgnoreCase) || t.Contains("Hypercall", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(types);
    }

    [Fact]
    public void No_type_shares_the_name_of_its_namespace()
    {
        foreach (var assembly in new[] { Protocol, Transport, Machine, Hypervisor, Native, ResourceManager, Host })
        {
            foreach (var type in Types(assembly))
            {
                var parts = type.Split('.');
                if (parts.Length > 1) Assert.NotEqual(parts[^2], parts[^1]);
            }
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var root = Repository.Root;
        var solution = File.ReadAllText(Path.Combine(root, "rm-stack.sln"));
        foreach (var top in new[] { "src", "tests", "fuzz", "bench" })
        {
            foreach (var project in Directory.EnumerateFiles(Path.Combine(root, top), "*.csproj", SearchOption.AllDirectories))
                Assert.Contains(Path.GetFileName(project), solution, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Source_files_are_one_thing_each()
    {
        const int Longest = 700;
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories))
        {
            if (file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)) continue;
            Assert.True(File.ReadLines(file).Count() <= Longest, $"{file} has more than {Longest} lines");
        }
    }

    private static T Inspect<T>(string assembly, Func<MetadataReader, T> look)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var image = new PEReader(file);
        return look(image.GetMetadataReader());
    }

    private static List<string> References(string assembly) => Inspect(assembly, reader =>
        reader.AssemblyReferences.Select(h => reader.GetString(reader.GetAssemblyReference(h).Name)).ToList());

    private static List<string> Types(string assembly) => Inspect(assembly, reader => reader.TypeDefinitions
        .Select(reader.GetTypeDefinition)
        .Where(t => !t.IsNested && !reader.GetString(t.Namespace).Equals(string.Empty, StringComparison.Ordinal))
        .Select(t => reader.GetString(t.Namespace) + "." + reader.GetString(t.Name))
        .ToList());

    private static List<string> TypesNamed(string assembly, string below) => Inspect(assembly, reader =>
    {
        var named = new List<string>();
        foreach (var handle in reader.TypeReferences)
        {
            var type = reader.GetTypeReference(handle);
            if (type.ResolutionScope.Kind != HandleKind.AssemblyReference) continue;
            var scope = reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
            if (reader.GetString(scope.Name) == below) named.Add(reader.GetString(type.Namespace) + "." + reader.GetString(type.Name));
        }

        return named;
    });
}
