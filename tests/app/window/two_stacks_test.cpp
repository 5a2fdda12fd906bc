// Encoder-decoders in the real program, offscreen: which attention is shown, the decoder's text,
// and saying the next word.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "app/views/stage_list.h"
#include "tests/app/window/play.h"
#include "tests/support/oracle.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::app;
using namespace heed::test;

namespace {

// A case of the oracle with a small vocabulary beside it; empty where there is no oracle.
std::string make_model(const TempDir& folder, const std::string& name) {
    const auto models = find_oracle("oracle/models");
    if (!models) return "";
    for (const char* file : {"config.json", "model.safetensors"}) {
        std::filesystem::copy_file(*models / name / file, folder / file);
    }
    std::string words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ncat\nsat\non\nthe\nmat\n";
    for (int i = 0; i < 86; ++i) words += "w" + std::to_string(i) + "\n";
    folder.write("vocab.txt", words);
    return folder.path().string();
}

// What holds for every selection that can be reached: it points at something.
void check_selection(const Document& document) {
    const Graph& graph = document.trace()->graph();
    const Selection& at = document.selection();
    const AttentionSite* site = find_site(graph, at);
    REQUIRE(site != nullptr);
    const auto length = [&](int sequence) {
        return graph.sequences()[static_cast<std::size_t>(sequence)].length;
    };
    CHECK(at.query < length(site->query_sequence));
    CHECK(at.key < length(site->key_sequence));
    CHECK(clamp_selection(graph, at) == at);
}

}  // namespace

TEST_SUITE_BEGIN("app/window/two stacks");

TEST_CASE("every attention of an encoder-decoder is chosen, shown and kept") {
    const TempDir folder;
    const std::string model = make_model(folder, "bart-lm");
    if (model.empty()) return;
    Play stage;
    stage.run("open " + model + "\ntext \"a cat sat on the mat\"\ndo target \"the cat\"\nwait");
    REQUIRE(stage.document().error() == "");
    const Graph& graph = stage.document().trace()->graph();
    CHECK(list_site_words(graph) == std::vector<std::string>{"encoder", "decoder", "cross"});
    for (const char* word : {"encoder", "decoder", "cross", "encoder"}) {
        stage.run(std::string("do site ") + word + "\nwait");
        CHECK(stage.document().selection().site == word);
        check_selection(stage.document());
        const Json dump = stage.dump();
        CHECK(dump.find("selection")->find("site")->string == word);
        CHECK(find_item(dump, "rail/site/" + std::string(word))->find("kind")->string == "chosen");
        for (const char* view : {"attention", "heads", "neuron", "stages", "vectors", "predict"}) {
            stage.run(std::string("do view-") + view + "\nwait\nkey Down\nkey PageDown\nwait");
            check_selection(stage.document());
            CHECK(stage.document().selection().site == word);
        }
    }
    CHECK(message_of([&] { stage.run("do site memory"); }).find("cross") != std::string::npos);
}

TEST_CASE("keys alone choose the attention, and undo takes it back") {
    const TempDir folder;
    const std::string model = make_model(folder, "bart-lm");
    if (model.empty()) return;
    Play stage;
    stage.run("open " + model +
              "\ntext \"a cat sat\"\nwait\ndo view-attention\ndo site encoder\nwait");
    stage.run("key A\nwait");
    CHECK(stage.document().selection().site == "decoder");
    stage.run("key A\nwait");
    CHECK(stage.document().selection().site == "cross");
    // The only word that looks is what the decoder begins with; it can look at any of the source.
    stage.run("key Right\nkey Right\nkey Down\nwait");
    CHECK(stage.document().selection().query == 0);
    CHECK(stage.document().selection().key >= 2);
    stage.run("key A\nwait");
    CHECK(stage.document().selection().site == "encoder");
    check_selection(stage.document());
}

TEST_CASE("the decoder's text is typed, emptied and said by the model") {
    const TempDir folder;
    const std::string model = make_model(folder, "bart-lm");
    if (model.empty()) return;
    Play stage;
    stage.run("open " + model + "\ntext \"a cat sat\"\nwait");
    const auto decoded = [&] {
        for (const Sequence& sequence : stage.document().trace()->graph().sequences()) {
            if (sequence.name == "target") return sequence.length;
        }
        return -1;
    };
    CHECK(decoded() == 1);
    stage.run("click bar/target\ntype \"the mat\"\nwait");
    CHECK(stage.document().target() == "the mat");
    CHECK(decoded() == 3);
    stage.run("do no-target\nwait");
    CHECK_FALSE(stage.document().target().has_value());
    CHECK(decoded() == 1);
    stage.run("key Shift+Enter\nwait");
    CHECK(decoded() == 2);
    // The end of the text, if the model says it, may come before the third.
    stage.run("do no-target\nwait\ndo generate 3\nwait");
    CHECK(decoded() >= 2);
    CHECK(decoded() <= 4);
    CHECK(stage.document().error() == "");
}

TEST_CASE("a generated token is the likeliest one, for a decoder alone too") {
    Play stage;
    stage.run("open stories\ntext \"Once upon a\"\nwait");
    const std::size_t before = stage.document().trace()->labels(0).size();
    const auto& trace = *stage.document().trace();
    const NodeId logits = trace.graph().find("logits").value();
    const Tensor all = trace.tensor(logits);
    const auto words = static_cast<std::size_t>(trace.graph().node(logits).shape.extent(-1));
    const auto last = all.values().end() - static_cast<std::ptrdiff_t>(words);
    const auto wanted = std::max_element(last, all.values().end()) - last;
    stage.run("do append-next-token\nwait");
    const auto labels = stage.document().trace()->labels(0);
    REQUIRE(labels.size() == before + 1);
    CHECK(labels.back().id == wanted);
    stage.run("do generate 2\nwait");
    CHECK(stage.document().trace()->labels(0).size() <= before + 3);
}

TEST_CASE("what is said token by token is what transformers says") {
    // tools/family_goldens/generated.py; "bart" without rules: 12, 6, 6 ... after 3.
    Play stage;
    stage.run("open " + (source_dir() / "tests/data/families/generators/bart").string());
    stage.document().set_ids({4, 9, 2, 7, 11}, "");
    stage.document().set_target_ids({3}, "");
    stage.run("wait\nclick bar/next-token\nwait");
    const auto said = [&] {
        std::vector<int> ids;
        for (const TokenLabel& label : stage.document().trace()->labels(1)) ids.push_back(label.id);
        return ids;
    };
    CHECK(said() == std::vector<int>{3, 12});
    stage.run("do generate 3\nwait");
    CHECK(said() == std::vector<int>{3, 12, 6, 6, 6});
    stage.run("key Ctrl+Z\nwait");
    CHECK(said().size() < 5);
}

TEST_CASE("T5 is walked through in every view, with its cross-attention explained") {
    const TempDir folder;
    const std::string model = make_model(folder, "t5-v1.1");
    if (model.empty()) return;
    Play stage;
    stage.run("size 1600x1000\nopen " + model +
              "\ntext \"a cat sat on the mat\"\ndo target \"the cat\"\nwait");
    REQUIRE(stage.document().error() == "");
    for (const char* word : {"encoder", "decoder", "cross"}) {
        for (const char* view : {"attention", "heads", "neuron", "stages", "vectors", "predict"}) {
            stage.run(std::string("do site ") + word + "\ndo view-" + view + "\nwait");
            check_selection(stage.document());
            CHECK(stage.document().selection().site == word);
        }
    }
    // Patterns of three sizes, in groups of their own.
    stage.run("do view-heads\ndo set heads.groups 3\nwait");
    const Json grouped = stage.dump();
    const Json* group = find_item(grouped, "view/heads/group[2]");
    REQUIRE(group != nullptr);
    CHECK(group->find("text")->string.find("group 3: ") == 0);
    stage.run("do set heads.groups 0\nwait");
    stage.run("do site cross\ndo view-stages\ndo first-step\nwait");
    const std::size_t count = list_stages(stage.document().trace()->graph(), 0).size();
    for (std::size_t i = 0; i + 1 < count; ++i) {
        stage.run("do next-step\nwait");
        check_selection(stage.document());
    }
    CHECK(stage.document().error() == "");
    stage.run("do ask decoder.blocks.0.cross_attn.pattern[1,2,3]\nwait");
    CHECK(stage.document().selection().site == "cross");
    CHECK(stage.document().selection().key == 3);
    stage.run("do undo\nwait");
    check_selection(stage.document());
}

TEST_CASE("what is told of the decoder's words is about the decoder") {
    const TempDir folder;
    const std::string model = make_model(folder, "t5-v1.1");
    if (model.empty()) return;
    Play stage;
    stage.run("size 1600x1000\nopen " + model +
              "\ntext \"a cat sat on the mat\"\ndo target \"the cat\"\nwait");
    const auto text_of = [&](const char* item) {
        const Json dump = stage.dump();
        const Json* found = find_item(dump, item);
        return found == nullptr ? std::string() : found->find("text")->string;
    };
    stage.run("do site encoder\ndo view-vectors\nwait");
    CHECK(text_of("view/vectors/caption") == "encoder.embed beside encoder.final (at the end)");
    for (const char* site : {"decoder", "cross"}) {
        stage.run("do site " + std::string(site) + "\nwait");
        CHECK(text_of("view/vectors/caption") == "decoder.embed beside decoder.final (at the end)");
        CHECK(text_of("view/vectors/title") == "Words of the decoder");
    }
    stage.run("do set vectors.mode map\nwait\ndo set vectors.mode cosines\nwait");
    CHECK(find_item(stage.dump(), "view/vectors/context/cell[2,2]") != nullptr);
    CHECK(find_item(stage.dump(), "view/vectors/context/cell[3,3]") == nullptr);
    stage.run("do view-neuron\ndo layer 1\ndo head 2\nwait");
    CHECK(text_of("view/neuron/note") == "layer 1, cross \u00b7 head 2");
    CHECK(text_of("view/neuron/q").rfind("q of ", 0) == 0);
    stage.run("do view-predict\ndo query 1\nwait");
    CHECK(text_of("view/predict/actual").rfind("the decoder's next: \u201ccat\u201d", 0) == 0);
    stage.run("do view-stages\ndo ask decoder.blocks.0.cross_attn.q[0,1,0]\nwait");
    CHECK(text_of("step/formula") == "q = x \u00b7 W_Q");
    CHECK(text_of("step/sentence").find("encoder") != std::string::npos);
    stage.run("do ask decoder.logits[1,5]\nwait");
    CHECK(text_of("step/formula") == "logits = x \u00b7 W_U");
    CHECK(text_of("step/sentence").find("next") != std::string::npos);
}

TEST_CASE("stages go through the encoder, then the decoder with its look at the encoder") {
    const TempDir folder;
    const std::string model = make_model(folder, "bart-lm");
    if (model.empty()) return;
    Play stage;
    stage.run("open " + model + "\ntext \"a cat sat\"\nwait\ndo view-stages\ndo first-step\nwait");
    std::vector<std::string> parts;
    for (const StageEntry& entry : list_stages(stage.document().trace()->graph(), 0)) {
        if (entry.part.empty()) continue;
        if (parts.empty() || parts.back() != entry.part) parts.push_back(entry.part);
    }
    const std::vector<std::string> wanted{"encoder", "decoder", "cross", "decoder"};
    CHECK(parts == wanted);
    const std::size_t count = list_stages(stage.document().trace()->graph(), 0).size();
    std::vector<std::string> sites;
    for (std::size_t i = 0; i + 1 < count; ++i) {
        stage.run("do next-step\nwait");
        check_selection(stage.document());
        const std::string& site = stage.document().selection().site;
        if (sites.empty() || sites.back() != site) sites.push_back(site);
    }
    CHECK(sites.front() == "encoder");
    CHECK(std::find(sites.begin(), sites.end(), "cross") != sites.end());
    // What leaves the look at the encoder belongs to it.
    const Graph& graph = stage.document().trace()->graph();
    const auto entries = list_stages(graph, 0);
    const int out = find_stage(entries, graph.find("decoder.blocks.0.cross_attn_out").value());
    REQUIRE(out >= 0);
    CHECK(entries[static_cast<std::size_t>(out)].part == "cross");
}

TEST_CASE("a segment before is looked at too") {
    const TempDir folder;
    const std::string model = make_model(folder, "transfo-xl-memory");
    if (model.empty()) return;
    Play stage;
    stage.run("open " + model + "\ntext \"cat sat on\"\nwait");
    // The words of the segment before among the keys; the places before them are empty.
    const auto remembered = [&] {
        const Graph& graph = stage.document().trace()->graph();
        const AttentionSite* site = find_site(graph, stage.document().selection());
        std::string words;
        for (const TokenLabel& label : stage.document().trace()->labels(site->key_sequence)) {
            if (label.text_index == 3) words += label.text + " ";
        }
        return words;
    };
    CHECK(remembered() == "");
    stage.run("do memory \"the mat\"\nwait");
    CHECK(stage.document().error() == "");
    CHECK(remembered() == "the mat ");
    CHECK(find_item(stage.dump(), "view/attention/divider") != nullptr);
    check_selection(stage.document());
    stage.run("do no-memory\nwait");
    CHECK(remembered() == "");
}
