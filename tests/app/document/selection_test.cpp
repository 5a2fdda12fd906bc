#include "app/document/selection.h"

#include <doctest/doctest.h>

#include "core/model/model.h"

using namespace heed;
using namespace heed::app;

namespace {

std::shared_ptr<const Graph> small_graph(int length) {
    return open_model(resolve_model("words"))->graph(length);
}

bool is_valid(const Graph& graph, const Selection& selection) {
    const std::optional<NodeId> node = graph.find(selection.node);
    if (!node) return false;
    const std::vector<int> extents = graph.node(*node).shape.extents();
    if (extents.size() != selection.cell.size()) return false;
    for (std::size_t i = 0; i < extents.size(); ++i) {
        if (selection.cell[i] < 0 || selection.cell[i] >= extents[i]) return false;
    }
    const AttentionSite* site = find_site(graph, selection);
    return site != nullptr && selection.head >= 0 && selection.head < site->heads;
}

}  // namespace

TEST_SUITE_BEGIN("app/document/selection");

TEST_CASE("any wish becomes a valid selection") {
    const auto graph = small_graph(5);
    for (const int number : {-1000000, -1, 0, 3, 7, 1000000}) {
        for (const char* name : {"", "nothing", "blocks.0.attn.pattern", "logits", "embed"}) {
            CAPTURE(number);
            CAPTURE(name);
            Selection wanted{number, number, number, number, name, {number, number, number}, ""};
            CHECK(is_valid(*graph, clamp_selection(*graph, wanted)));
            wanted.cell.clear();
            CHECK(is_valid(*graph, clamp_selection(*graph, wanted)));
        }
    }
}

TEST_CASE("what is possible is kept when the sentence gets shorter") {
    const auto longer = small_graph(9);
    const auto shorter = small_graph(4);
    Selection selection = clamp_selection(*longer, {2, 5, 8, 1, "", {}, ""});
    CHECK(selection.cell == std::vector<int>{5, 8, 1});
    selection = clamp_selection(*shorter, selection);
    CHECK(selection.layer == 2);
    CHECK(selection.head == 5);
    CHECK(selection.query == 3);
    CHECK(selection.key == 1);
    CHECK(selection.cell == std::vector<int>{5, 3, 1});
    CHECK(clamp_selection(*shorter, selection) == selection);
}

TEST_CASE("asking about a cell moves head, query and key with it") {
    const auto graph = small_graph(6);
    const Selection start = default_selection(*graph);
    const auto ask = [&](const char* name, std::vector<int> cell) {
        return ask_cell(*graph, start, *graph->find(name), std::move(cell));
    };
    const Selection pattern = ask("blocks.3.attn.pattern", {4, 2, 5});
    CHECK(pattern.layer == 3);
    CHECK(pattern.head == 4);
    CHECK(pattern.query == 2);
    CHECK(pattern.key == 5);
    const Selection key = ask("blocks.1.attn.k", {2, 4, 0});
    CHECK(key.key == 4);
    CHECK(key.query == start.query);
    const Selection query = ask("blocks.1.attn.q", {2, 4, 0});
    CHECK(query.query == 4);
    CHECK(query.key == start.key);
}

TEST_CASE("asking about a node finds the cell of the same word and head") {
    const auto graph = small_graph(6);
    Selection selection = default_selection(*graph);
    selection.head = 3;
    selection.query = 4;
    selection.key = 1;
    const auto cell_of = [&](const char* name) {
        return ask_node(*graph, selection, *graph->find(name)).cell;
    };
    CHECK(cell_of("blocks.0.attn.scaled") == std::vector<int>{3, 4, 1});
    CHECK(cell_of("blocks.0.attn.v") == std::vector<int>{3, 1, 0});
    CHECK(cell_of("blocks.0.attn.z") == std::vector<int>{3, 4, 0});
}

TEST_SUITE_END();
