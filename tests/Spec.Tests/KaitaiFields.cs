using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Kaitai;

namespace RmStack.Spec.Tests;

/// <summary>
/// A generated object as a tree of names and values: snake_case names, numbers as <see cref="ulong"/>, byte runs as lowercase hex,
/// lists as arrays of objects.
/// </summary>
/// <remarks>
/// Left out: what only lays a message out (reserved*, num_*, len_*), truth values, and what is absent. A part that is no list adds
/// its fields to its parent's; a type called *List or *ListBody is the list of its entries, empty when the message ended before it.
/// </remarks>
public static class KaitaiFields
{
    private static readonly ConcurrentDictionary<Type, (string Name, PropertyInfo Property)[]> Known = new();

    // The one field whose own name begins like a part of the layout.
    private static readonly PropertyInfo ReservedAmount = typeof(Heap.HeapQueryReply.Statistics).GetProperty(nameof(Heap.HeapQueryReply.Statistics.Reserved))!;

    /// <summary>The fields of one generated object.</summary>
    public static JsonObject Of(KaitaiStruct part)
    {
        var fields = new JsonObject();
        Add(fields, part);
        return fields;
    }

    private static void Add(JsonObject fields, KaitaiStruct part)
    {
        foreach (var (name, property) in Properties(part.GetType()))
        {
            switch (property.GetValue(part))
            {
                case null:
                    break;
                case KaitaiStruct list when IsList(list.GetType()):
                    fields[name] = Entries(list);
                    break;
                case KaitaiStruct inner:
                    Add(fields, inner);
                    break;
                case byte[] bytes:
                    fields[name] = Convert.ToHexStringLower(bytes);
                    break;
                case IList list:
                    fields[name] = Array(list);
                    break;
                case { } number:
                    fields[name] = Convert.ToUInt64(number, CultureInfo.InvariantCulture);
                    break;
            }
        }
    }

    private static bool IsList(Type type) => type.Name.EndsWith("List", StringComparison.Ordinal) || type.Name.EndsWith("ListBody", StringComparison.Ordinal);

    private static JsonArray Entries(KaitaiStruct list)
    {
        foreach (var (name, property) in Properties(list.GetType()))
        {
            if (name == "entries") return Array((IList)property.GetValue(list)!);
            if (name == "body") return property.GetValue(list) is KaitaiStruct body ? Entries(body) : [];
        }

        throw new InvalidOperationException($"{list.GetType()} is named a list and has no entries");
    }

    private static JsonArray Array(IList list)
    {
        var array = new JsonArray();
        foreach (var entry in list) array.Add(Of((KaitaiStruct)entry!));
        return array;
    }

    private static (string Name, PropertyInfo Property)[] Properties(Type type) => Known.GetOrAdd(type, static type =>
    {
        // Parameters are properties too; a constructor names them p_x.
        var parameters = type.GetConstructors().SelectMany(c => c.GetParameters()).Select(p => Snake(p.Name![2..])).ToHashSet(StringComparer.Ordinal);
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(p => !p.Name.StartsWith("M_", StringComparison.Ordinal) && p.PropertyType != typeof(bool))
            .OrderBy(p => p.MetadataToken)
            .Select(p => (Name: Snake(p.Name), Property: p))
            .Where(p => !parameters.Contains(p.Name) && (!IsLayout(p.Name) || p.Property == ReservedAmount))
            .ToArray();
    });

    private static bool IsLayout(string name) => name.StartsWith("reserved", StringComparison.Ordinal)
        || name.StartsWith("num_", StringComparison.Ordinal) || name.StartsWith("len_", StringComparison.Ordinal);

    private static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
