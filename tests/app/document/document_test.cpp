#include "app/document/document.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "core/analysis/atlas_file.h"
#include "core/run/trace_file.h"
#include "tests/core/run/slow_values.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::app;

namespace {

// Updates until no work is pending, for at most 30 s.
void wait_for(Document& document) {
    for (int i = 0; i < 30000 && document.is_busy(); ++i) {
        document.update();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    REQUIRE_FALSE(document.is_busy());
}

// Ids for the encoder and the decoder of the model at `path`.
DocumentInputs ids_for(std::string path) {
    DocumentInputs inputs;
    inputs.model = std::move(path);
    inputs.text.clear();
    inputs.ids = {5, 6, 7, 8};
    inputs.target_ids = {2, 9, 10};
    return inputs;
}

}  // namespace

TEST_SUITE_BEGIN("app/document");

TEST_CASE("a model and a text become a trace of that text") {
    std::atomic<int> wakes = 0;
    Document document([&] { ++wakes; });
    CHECK(document.trace() == nullptr);
    CHECK_FALSE(document.is_busy());
    document.open_model("words");
    CHECK(document.is_busy());
    wait_for(document);
    CHECK(wakes >= 1);
    REQUIRE(document.trace() != nullptr);
    CHECK(document.trace()->inputs().text == kDefaultText);
    CHECK(document.error() == "");
    CHECK(document.selection().node.find(".attn.pattern") != std::string::npos);
}

TEST_CASE("what is known of a model's heads lies beside it, and a bad file is told of") {
    const heed::test::TempDir folder;
    const std::filesystem::path model = folder / "words";
    std::filesystem::copy(heed::test::source_dir() / "assets/models/words", model);
    const std::filesystem::path atlas = model / "atlas.json";
    std::filesystem::remove(atlas);
    const auto open = [&] {
        auto document = std::make_unique<Document>([] {});
        document->open_model(model.string());
        wait_for(*document);
        REQUIRE(document->trace() != nullptr);
        return document;
    };
    CHECK(open()->atlas() == nullptr);
    Atlas known;
    for (int head = 0; head < 24; ++head) {
        AtlasHead& entry = known.heads.emplace_back();
        entry.layer = head / 6;
        entry.head = head % 6;
        entry.site = "blocks." + std::to_string(entry.layer) + ".attn";
    }
    folder.write("words/atlas.json", encode_atlas(known));
    const auto document = open();
    REQUIRE(document->atlas() != nullptr);
    CHECK(document->atlas()->heads.size() == 24);
    CHECK(document->notes().empty());
    document->open_model("words");
    wait_for(*document);
    const bool is_shipped =
        std::filesystem::exists(heed::test::source_dir() / "assets/models/words/atlas.json");
    CHECK((document->atlas() != nullptr) == is_shipped);

    // A head that is called by what it connects is shown first, where it gives a word enough.
    const Selection plain = open()->selection();
    known.kinds.push_back({"pronoun to noun", false, 100, -3, 0.2, 0});
    const auto show_called = [&](int called) {
        for (int head = 0; head < 24; ++head) {
            known.heads[static_cast<std::size_t>(head)].hits = {head == called ? 0.9 : 0.1};
        }
        folder.write("words/atlas.json", encode_atlas(known));
        return open()->selection();
    };
    const Selection connecting = show_called(16);  // 2.4: "he" looks at "bark"
    CHECK(connecting.layer == 2);
    CHECK(connecting.head == 4);
    CHECK(connecting.query == 6);
    CHECK(connecting.key == 1);
    CHECK((plain.layer != 2 || plain.head != 4));
    const Selection weak = show_called(1);  // 0.1: all weight lies on neighbours
    CHECK(weak.layer == plain.layer);
    CHECK(weak.head == plain.head);

    known.heads.pop_back();
    folder.write("words/atlas.json", encode_atlas(known));
    const auto other = open();
    CHECK(other->atlas() == nullptr);
    REQUIRE(other->notes().size() == 1);
    CHECK(other->notes()[0].find("the 24 heads of the model, found 23") != std::string::npos);
}

TEST_CASE("the newest text wins, and the old picture stays until then") {
    Document document([] {});
    document.open_model("words");
    wait_for(document);
    const auto before = document.trace();
    for (int i = 0; i < 50; ++i) {
        document.set_text("word " + std::to_string(i));
        CHECK(document.trace() != nullptr);
    }
    wait_for(document);
    CHECK(document.trace() != before);
    CHECK(document.trace()->inputs().text == "word 49");
}

TEST_CASE("a chosen cell comes back when a sentence grows to its length again") {
    Document document([] {});
    document.open_model("words");
    wait_for(document);
    Selection chosen = document.selection();
    chosen.query = 9;
    chosen.key = 6;
    document.select(ask_pattern(document.trace()->graph(), chosen));
    chosen = document.selection();
    document.set_text("Bark");
    wait_for(document);
    CHECK(document.selection().query < 9);
    document.set_text(kDefaultText);
    wait_for(document);
    CHECK(document.selection() == chosen);
}

TEST_CASE("a trace file can be looked at") {
    Document document([] {});
    document.open_model("words");
    wait_for(document);
    const heed::test::TempDir folder;
    const auto path = folder / "t.safetensors";
    const Trace& trace = *document.trace();
    save_trace(trace, select_nodes(trace.graph(), {}), path, "test");
    const Selection cell = document.selection();
    const NodeId node = *trace.graph().find(cell.node);
    const float value = trace.value(node, cell.cell);
    document.open_model(path.string());
    wait_for(document);
    CHECK(document.error() == "");
    CHECK(document.model() == nullptr);
    CHECK(document.text() == kDefaultText);
    const Graph& recorded = document.trace()->graph();
    CHECK(document.trace()->value(*recorded.find(cell.node), cell.cell) == value);
    CHECK(recorded.attentions().size() == 4);
    document.open_model(folder.write("not-a-trace.safetensors", "<html>").string());
    wait_for(document);
    CHECK(document.error().find("not-a-trace") != std::string::npos);
    CHECK(document.trace() != nullptr);
}

TEST_CASE("a trace file tells its special tokens, and a wrong entry is refused by its name") {
    Document document([] {});
    document.open_model("words");
    wait_for(document);
    const heed::test::TempDir folder;
    const auto path = folder / "t.safetensors";
    save_trace(*document.trace(), select_nodes(document.trace()->graph(), {}), path, "test");
    const std::shared_ptr<const Trace> trace = load_trace(path);
    const auto labels = trace->labels(0);
    REQUIRE(labels.size() == 11);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        CHECK(labels[i].is_special == (i == 0 || i + 1 == labels.size()));
    }
    std::string bytes = heed::test::read_file(path);
    const std::size_t at = bytes.find("[true,false");
    REQUIRE(at != std::string::npos);
    bytes.replace(at, 5, "[1234");
    const auto broken = folder.write("broken.safetensors", bytes);
    const std::string message = heed::test::message_of([&] { load_trace(broken); });
    CHECK(heed::test::find_flaw(message, {"broken.safetensors", "special", "booleans", "1234"}) ==
          "");
}

TEST_CASE("a model that cannot be opened leaves what is shown") {
    Document document([] {});
    document.open_model("words");
    wait_for(document);
    const auto before = document.trace();
    document.open_model("/nowhere/at/all");
    wait_for(document);
    CHECK(document.trace() == before);
    CHECK(document.model_name() == "words");
    CHECK(document.error().find("/nowhere/at/all") != std::string::npos);
    document.set_text("again");
    wait_for(document);
    CHECK(document.error() == "");
    CHECK(document.trace()->inputs().text == "again");
}

TEST_CASE("another model keeps layer and head where it has them") {
    Document document([] {});
    document.open_model("words");
    wait_for(document);
    Selection wanted = document.selection();
    wanted.layer = 2;
    wanted.head = 4;
    document.select(ask_pattern(document.trace()->graph(), wanted));
    document.open_model("stories");
    wait_for(document);
    CHECK(document.selection().layer == 2);
    CHECK(document.selection().head == 4);
    CHECK(document.selection().cell.size() == 3);
}

TEST_CASE("back leads through the numbers that were asked about") {
    Document document([] {});
    document.open_model("words");
    wait_for(document);
    const Selection first = document.selection();
    const Graph& graph = document.trace()->graph();
    document.select(ask_cell(graph, first, *graph.find("blocks.1.attn.z"), {1, 2, 3}));
    document.select(ask_cell(graph, first, *graph.find("blocks.0.attn.q"), {0, 1, 2}));
    REQUIRE(document.can_go_back());
    document.go_back();
    CHECK(document.selection().node == "blocks.1.attn.z");
    document.go_back();
    CHECK(document.selection() == first);
    CHECK_FALSE(document.can_go_back());
}

TEST_CASE("a cancelled run leaves the old picture with a note, and asking again works") {
    Document document([] {});
    document.open_model("words");
    wait_for(document);
    const auto before = document.trace();
    std::string sentence;
    for (int i = 0; i < 100; ++i) sentence += "the dog ";
    document.set_text(sentence);
    CHECK(document.is_busy());
    document.cancel();
    CHECK_FALSE(document.is_busy());
    REQUIRE(document.notes().size() == 1);
    CHECK(document.notes()[0].find("Cancelled") == 0);
    // Nothing comes late.
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    CHECK_FALSE(document.update());
    CHECK(document.trace() == before);
    document.set_text(sentence);
    CHECK(document.is_busy());
    wait_for(document);
    CHECK(document.trace()->inputs().text == sentence);
    document.cancel();
    CHECK(document.text() == sentence);
    document.run_again();
    wait_for(document);
    CHECK(document.error() == "");
}

TEST_CASE("a model that is not wanted any more is not shown") {
    Document document([] {});
    document.open_model("words");
    wait_for(document);
    const std::string words = document.model_name();
    document.open_model("stories");
    document.cancel();
    CHECK(document.model_name() == words);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    document.update();
    CHECK(document.model()->summary().name == "words");
    document.open_model("stories");
    wait_for(document);
    CHECK(document.model()->summary().name == "stories");
}

TEST_CASE("an empty sentence is no fault, whatever the model makes of it") {
    for (const char* model : {"words", "stories"}) {
        CAPTURE(model);
        Document document([] {});
        document.open_model(model);
        wait_for(document);
        document.set_text("");
        wait_for(document);
        CHECK(document.error() == "");
        CHECK(document.trace() != nullptr);
    }
}

TEST_CASE("a sentence and a choice are restored together") {
    Document document([] {});
    document.open_model("words");
    wait_for(document);
    Selection wanted = document.wanted();
    wanted.query = 9;
    wanted.key = 2;
    document.select(ask_pattern(document.trace()->graph(), wanted));
    const Selection chosen = document.wanted();
    const DocumentInputs inputs = document.inputs();
    document.set_text("a dog");
    document.select(default_selection(document.trace()->graph()));
    wait_for(document);
    document.restore(inputs, chosen);
    CHECK(document.wanted() == chosen);
    wait_for(document);
    CHECK(document.selection() == chosen);
    CHECK(document.inputs() == inputs);
}

TEST_CASE("a document may end while work is pending") {
    Document document([] {});
    document.open_model("words");
    document.set_text("never seen");
}

TEST_CASE("an encoder-decoder's inputs are run as text or as ids, and left aside by other models") {
    const auto models = heed::test::find_oracle("oracle/models");
    if (!models) return;
    Document document([] {});
    document.set_ids({5, 6, 7, 8}, "");
    document.set_target_ids({2, 9, 10}, "");
    // Ids mean nothing to a model that is opened later; these were given to none before.
    document.restore(ids_for((*models / "bart-lm").string()), {});
    wait_for(document);
    REQUIRE(document.error() == "");
    const Trace& trace = *document.trace();
    REQUIRE(trace.graph().sequences().size() == 2);
    CHECK(trace.labels(0).size() == 4);
    CHECK(trace.labels(1).size() == 3);
    CHECK(trace.labels(1)[2].id == 10);

    // Every attention can be chosen, and what is asked about belongs to it.
    for (const std::string& word : list_site_words(trace.graph())) {
        document.select(choose_site(trace.graph(), document.selection(), word));
        CHECK(document.selection().site == word);
    }
    Selection at = document.selection();
    at.query = 2;
    at.key = 3;
    document.select(ask_pattern(trace.graph(), at));
    CHECK(document.selection().cell == std::vector<int>{0, 2, 3});
    // A word of the encoder stays chosen where the encoder itself is looked at.
    const Selection inside = choose_site(trace.graph(), document.selection(), "encoder");
    CHECK(inside.query == 3);
    CHECK(inside.key == 3);
    const Selection decoder = choose_site(trace.graph(), document.selection(), "decoder");
    CHECK(decoder.query == 2);
    CHECK(decoder.key == 2);

    document.open_model("words");
    document.set_text("a dog");
    wait_for(document);
    CHECK(document.error() == "");
    CHECK(document.trace()->inputs().text == "a dog");
}

TEST_CASE("a trace file of an encoder-decoder knows both sequences") {
    const auto models = heed::test::find_oracle("oracle/models");
    if (!models) return;
    Document document([] {});
    document.restore(ids_for((*models / "bart-lm").string()), {});
    wait_for(document);
    const Graph& graph = document.trace()->graph();
    const heed::test::TempDir folder;
    const auto path = folder / "t.safetensors";
    save_trace(*document.trace(), select_nodes(graph, {}), path, "test");
    const auto loaded = load_trace(path);
    REQUIRE(loaded->graph().attentions().size() == graph.attentions().size());
    for (std::size_t i = 0; i < graph.attentions().size(); ++i) {
        const AttentionSite& site = graph.attentions()[i];
        CAPTURE(site.name);
        const AttentionSite* same = find_site(loaded->graph(), site.layer, site_word(site));
        REQUIRE(same != nullptr);
        CHECK(same->kind == site.kind);
        const auto ids = [](const Trace& trace, int sequence) {
            std::vector<int> all;
            for (const TokenLabel& label : trace.labels(sequence)) all.push_back(label.id);
            return all;
        };
        CHECK(ids(*loaded, same->query_sequence) == ids(*document.trace(), site.query_sequence));
        CHECK(ids(*loaded, same->key_sequence) == ids(*document.trace(), site.key_sequence));
    }
}

TEST_CASE("what is chosen first is looked for again until its values are there") {
    Document source([] {});
    source.open_model("words");
    wait_for(source);
    const Selection first = source.selection();
    CHECK(first != default_selection(source.trace()->graph()));
    const test::SlowTrace slow = test::make_slow_trace(source.trace());
    Document document([] {});
    document.adopt(source.model(), slow.trace);
    CHECK(document.selection() == first);
    CHECK(slow.values->has_wake());
    const int waits = slow.values->waits_here();

    document.restore(document.inputs(), {});
    CHECK(document.selection() == default_selection(slow.trace->graph()));
    int updates = 0;
    while (!document.update()) REQUIRE(++updates < 10);
    CHECK(document.selection() == first);
    CHECK_FALSE(document.update());
    CHECK(slow.values->waits_here() == waits);
}

TEST_CASE("who chooses while the first choice is looked for has chosen") {
    Document source([] {});
    source.open_model("words");
    wait_for(source);
    const test::SlowTrace slow = test::make_slow_trace(source.trace());
    Document document([] {});
    document.adopt(source.model(), slow.trace);
    document.restore(document.inputs(), {});
    Selection wanted = document.selection();
    wanted.layer = 1;
    wanted.head = 2;
    wanted = ask_pattern(slow.trace->graph(), wanted);
    document.select(wanted);
    for (int i = 0; i < 10; ++i) CHECK_FALSE(document.update());
    CHECK(document.selection() == wanted);
}

TEST_SUITE_END();
