#include "core/model/prepare.h"

#include <doctest/doctest.h>

#include "core/graph/builder.h"
#include "core/model/model_folder.h"
#include "tests/core/model/tiny_model.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

namespace heed::test {
namespace {

// "[CLS] a0 a1 [SEP] b0 [SEP]", as many words of each text as asked for.
Encoding encode(int words, int pair_words) {
    Encoding tokens;
    const auto add = [&tokens](const std::string& piece, int text) {
        Token token;
        token.piece = piece;
        token.text = text;
        token.is_special = text < 0;
        token.type_id = text == 1 ? 1 : 0;
        tokens.push_back(token);
    };
    add("[CLS]", -1);
    for (int i = 0; i < words; ++i) add("a" + std::to_string(i), 0);
    add("[SEP]", -1);
    for (int i = 0; i < pair_words; ++i) add("b" + std::to_string(i), 1);
    if (pair_words > 0) add("[SEP]", -1);
    return tokens;
}

std::string pieces(const Encoding& tokens) {
    std::string text;
    for (const Token& token : tokens) text += (text.empty() ? "" : " ") + token.piece;
    return text;
}

constexpr const char* kVocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nc\nd\n##s\nrare\n";

std::shared_ptr<const Model> open_tiny_bert(const TempDir& folder, const char* vocabulary) {
    const std::string config = tiny_bert("BertForMaskedLM");
    write_model(folder.path(), config, draw_tensors(config));
    if (vocabulary != nullptr) folder.write("vocab.txt", vocabulary);
    return open_model(folder.path());
}

ModelInput text_input(std::string text, std::optional<std::string> pair = std::nullopt) {
    ModelInput input;
    input.text = std::move(text);
    input.pair = std::move(pair);
    return input;
}

ModelInput ids_input(std::vector<int> ids, std::vector<int> types = {}) {
    ModelInput input;
    input.ids = std::move(ids);
    input.type_ids = std::move(types);
    return input;
}

TEST_SUITE_BEGIN("core/model/prepare");

TEST_CASE("cutting keeps what the template added and shortens the longer text") {
    CHECK(pieces(cut_to_positions(encode(3, 0), 5)) == "[CLS] a0 a1 a2 [SEP]");
    CHECK(pieces(cut_to_positions(encode(3, 0), 4)) == "[CLS] a0 a1 [SEP]");
    CHECK(pieces(cut_to_positions(encode(5, 2), 7)) == "[CLS] a0 a1 [SEP] b0 b1 [SEP]");
    CHECK(pieces(cut_to_positions(encode(2, 5), 7)) == "[CLS] a0 a1 [SEP] b0 b1 [SEP]");
    CHECK(pieces(cut_to_positions(encode(3, 3), 5)) == "[CLS] a0 [SEP] b0 [SEP]");
    CHECK(pieces(cut_to_positions(encode(3, 0), 2)) == "[CLS] a0");
    Encoding plain(4);
    CHECK(cut_to_positions(plain, 3).size() == 3);
}

TEST_CASE("a text becomes ids, types and labels") {
    const TempDir folder;
    const auto model = open_tiny_bert(folder, kVocabulary);
    CHECK(model->summary().tokenizer != "none");
    const PreparedInput prepared = model->prepare(text_input("a bs", "d"));
    REQUIRE(prepared.inputs.ids.size() == 2);
    CHECK(prepared.inputs.ids[0] == std::vector<int>{2, 5, 6, 9, 3, 8, 3});
    CHECK(prepared.inputs.ids[1] == std::vector<int>{0, 0, 0, 0, 0, 1, 1});
    REQUIRE(prepared.inputs.labels.size() == 1);
    const TokenLabel& label = prepared.inputs.labels[0][2];
    CHECK(label.text == "b");
    CHECK(label.begin == 2);
    CHECK(label.end == 3);
    CHECK(label.text_index == 0);
    CHECK(prepared.inputs.labels[0][0].is_special);
    CHECK(prepared.inputs.text == "a bs");
    CHECK(prepared.inputs.pair == "d");
    CHECK(prepared.notes.empty());
    CHECK(prepared.graph->sequences()[0].length == 7);
}

TEST_CASE("an input longer than the model is cut, and a note says so") {
    const TempDir folder;
    const auto model = open_tiny_bert(folder, kVocabulary);
    const PreparedInput text = model->prepare(text_input("a b c d a b c d a"));
    CHECK(text.inputs.ids[0] == std::vector<int>{2, 5, 6, 7, 8, 5, 6, 3});
    REQUIRE(text.notes.size() == 1);
    CHECK(text.notes[0] == "cut to 8 of 11 tokens: the model has 8 positions");
    const PreparedInput ids = model->prepare(ids_input(std::vector<int>(9, 5)));
    CHECK(ids.inputs.ids[0].size() == 8);
    CHECK(ids.notes.size() == 1);
}

TEST_CASE("ids do without a tokenizer") {
    const TempDir folder;
    const auto model = open_tiny_bert(folder, nullptr);
    CHECK(model->tokenizer() == nullptr);
    CHECK(model->summary().tokenizer == "none");
    const PreparedInput prepared = model->prepare(ids_input({5, 6}, {0, 1}));
    CHECK(prepared.inputs.ids[1] == std::vector<int>{0, 1});
    CHECK(prepared.inputs.labels[0][1].text == "6");
    const std::string message = message_of([&] { model->prepare(text_input("a")); });
    CHECK(find_flaw(message, {"tokenizer", "for a text", "none"}) == "");
}

TEST_CASE("ids have the pieces of the tokenizer") {
    const TempDir folder;
    const auto model = open_tiny_bert(folder, kVocabulary);
    const auto labels = model->prepare(ids_input({2, 9})).inputs.labels[0];
    CHECK(labels[0].piece == "[CLS]");
    CHECK(labels[0].is_special);
    CHECK(labels[1].text == "##s");
    CHECK(!labels[1].is_special);
}

TEST_CASE("the axes of words and labels know their names") {
    const TempDir folder;
    const auto model = open_tiny_bert(folder, kVocabulary);
    const std::shared_ptr<const AxisNames> names = model->prepare(ids_input({2, 9})).inputs.names;
    REQUIRE(names != nullptr);
    const Axis words{"V", 20};
    CHECK(names->has_names(words));
    CHECK(names->name(words, 5) == "a");
    CHECK(names->name(words, 9) == "##s");
    CHECK(names->name(words, 11).empty());  // a row of the model without a piece
    CHECK(names->name(words, -1).empty());
    CHECK(names->mask_word() == 4);
    CHECK(!names->has_names({"D", 8}));
    CHECK(!names->has_names({"T", 2, 0}));
    CHECK(!names->has_names({"P", 2}));

    const std::string config = tiny_bert("BertForSequenceClassification",
                                         R"("id2label": {"1": "good", "0": "bad one", "x": "no"})");
    write_model(folder.path(), config, draw_tensors(config));
    const auto judged = open_model(folder.path())->prepare(ids_input({2, 9})).inputs.names;
    CHECK(judged->name({"P", 2}, 0) == "bad one");
    CHECK(judged->name({"P", 2}, 1) == "good");
    CHECK(judged->name({"P", 2}, 2).empty());
    const std::string pair = tiny_bert("BertForNextSentencePrediction");
    write_model(folder.path(), pair, draw_tensors(pair));
    const auto next = open_model(folder.path())->prepare(ids_input({2, 9})).inputs.names;
    CHECK(next->name({"P", 2}, 0) == "is the next sentence");
}

TEST_CASE("what cannot be run is refused") {
    const TempDir folder;
    const auto model = open_tiny_bert(folder, kVocabulary);
    const auto refuse = [&](const ModelInput& input) {
        return message_of([&] { model->prepare(input); });
    };
    CHECK(find_flaw(refuse(ids_input({})), {"at least one token", "none"}) == "");
    CHECK(find_flaw(refuse(ids_input({5, 11})), {"position 1", "0 to 10", "11"}) == "");
    CHECK(find_flaw(refuse(ids_input({-1})), {"position 0", "0 to 10", "-1"}) == "");
    CHECK(find_flaw(refuse(ids_input({5}, {2})), {"token_type_ids[0]", "0 to 1", "2"}) == "");
    CHECK(find_flaw(refuse(ids_input({5}, {0, 1})), {"type ids", "1, one for each id", "2"}) == "");
    ModelInput bare = text_input("");
    bare.add_special = false;
    CHECK(find_flaw(refuse(bare), {"text", "at least one token"}) == "");
    CHECK(find_flaw(message_of([&] { model->graph(9); }), {"1 to 8", "9"}) == "");
    CHECK(find_flaw(message_of([&] { model->graph(0); }), {"1 to 8", "0"}) == "");
}

TEST_CASE("a tokenizer that knows more words than the model is noticed") {
    const TempDir folder;
    const std::string more = std::string(kVocabulary) + "beyond\n";
    const auto model = open_tiny_bert(folder, more.c_str());
    const std::string message = message_of([&] { model->prepare(text_input("beyond")); });
    CHECK(find_flaw(message, {"position 1", "0 to 10", "11"}) == "");
}

TEST_CASE("a model without types says that it leaves them out") {
    const TempDir folder;
    const std::string config = tiny_gpt2("GPT2LMHeadModel");
    write_model(folder.path(), config, draw_tensors(config));
    const auto model = open_model(folder.path());
    CHECK(model->prepare(ids_input({1, 2}, {0, 0})).notes.empty());
    CHECK(model->prepare(ids_input({1, 2}, {0, 1})).notes.size() == 1);
}

// "x" and the number, one for each id, in order.
Encoding numbered(const std::vector<int>& ids) {
    Encoding tokens;
    for (const int id : ids) {
        Token token;
        token.id = id;
        token.piece = "x" + std::to_string(id);
        tokens.push_back(token);
    }
    return tokens;
}

std::vector<std::string> texts(const std::vector<TokenLabel>& labels) {
    std::vector<std::string> texts;
    for (const TokenLabel& label : labels) texts.push_back(label.text);
    return texts;
}

using Texts = std::vector<std::string>;

TEST_CASE("each input of a graph is given what its name says") {
    GraphBuilder b;
    const int source = b.sequence("source", 3), target = b.sequence("target", 2);
    const int memory = b.sequence("memory", 1);
    b.ids("input_ids", source, 10);
    b.numbers("pixel_values", {{"C", 1}, {"Y", 1}, {"X", 2}});
    b.ids("decoder_input_ids", target, 12);
    b.ids("memory_ids", memory, 10);
    b.ids("position_ids", source, 9);
    b.ids("token_type_ids", source, 2);
    const auto graph = b.build();
    SequenceTokens given{numbered({7, 8, 9}), numbered({3, 11}), numbered({5}), nullptr};
    given.tokens[2].type_id = 1;
    given.pixels = std::make_shared<const Tensor>(Tensor({1, 1, 2}, {0.5F, -0.5F}));
    const DeriveIds derive = [](const std::string& name, const std::vector<int>& ids) {
        CHECK(name == "position_ids");
        return std::vector<int>{ids[0] - 5, ids[1] - 5, ids[2] - 1};
    };
    std::vector<std::string> notes;
    const RunInputs inputs = make_inputs(*graph, given, "here", derive, notes);
    using Ids = std::vector<std::vector<int>>;
    CHECK(inputs.ids == Ids{{7, 8, 9}, {}, {3, 11}, {5}, {2, 3, 8}, {0, 0, 1}});
    REQUIRE(inputs.numbers.size() == 6);
    CHECK(inputs.numbers[1] == std::vector<float>{0.5F, -0.5F});
    CHECK(inputs.numbers[0].empty());
    CHECK(notes.empty());
    CHECK(texts(inputs.labels[0]) == Texts{"x7", "x8", "x9"});
    CHECK(texts(inputs.labels[1]) == Texts{"x3", "x11"});
    CHECK(texts(inputs.labels[2]) == Texts{"x5"});

    const auto refuse = [&](const SequenceTokens& tokens) {
        return message_of([&] { make_inputs(*graph, tokens, "here", derive, notes); });
    };
    given.target[1].id = 12;
    CHECK(find_flaw(refuse(given), {"here", "decoder_input_ids[1]", "0 to 11", "12"}) == "");
    given.target[1].id = 1;
    given.tokens[2].id = 10;
    CHECK(find_flaw(refuse(given), {"input_ids[2]", "0 to 9", "10"}) == "");
    given.tokens[2].id = 0;
    CHECK(find_flaw(refuse(given), {"position_ids[2]", "0 to 8", "-1"}) == "");
}

TEST_CASE("a memory that a model keeps nothing of is left out, and said to be") {
    GraphBuilder b;
    b.ids("input_ids", b.sequence("tokens", 1), 10);
    SequenceTokens given{numbered({7}), {}, numbered({5}), nullptr};
    std::vector<std::string> notes;
    const auto graph = b.build();
    CHECK(make_inputs(*graph, given, "here", {}, notes).ids.size() == 1);
    REQUIRE(notes.size() == 1);
    CHECK(find_flaw(notes.front(), {"memory is left out", "mem_len is 0"}) == "");
    notes.clear();
    given.memory.clear();
    make_inputs(*graph, given, "here", {}, notes);
    CHECK(notes.empty());
}

TEST_CASE("sequences that are put together take the labels of their parts") {
    GraphBuilder b;
    const int memory = b.sequence("memory", 2), tokens = b.sequence("tokens", 3);
    const int grid = b.patches("patches", {2, 2});
    b.joined("keys", {{memory, 0, 2, ""}, {tokens, 0, 3, ""}});
    const int words =
        b.joined("words", {{-1, 0, 1, "[CLS]"}, {grid, 0, 4, ""}, {tokens, 1, 2, ""}});
    b.joined("again", {{words, 1, 3, ""}, {-1, 0, 2, "end"}});
    b.sequence("distances", 2);
    const auto graph = b.build();
    const SequenceTokens given{numbered({7, 8, 9}), {}, numbered({4, 5}), nullptr};
    std::vector<std::string> notes;
    const auto labels = make_inputs(*graph, given, "here", {}, notes).labels;
    REQUIRE(labels.size() == 7);
    CHECK(texts(labels[2]) == Texts{"0,0", "0,1", "1,0", "1,1"});
    CHECK(texts(labels[3]) == Texts{"x4", "x5", "x7", "x8", "x9"});
    CHECK(labels[3][2].id == 7);
    CHECK(texts(labels[4]) == Texts{"[CLS]", "0,0", "0,1", "1,0", "1,1", "x8", "x9"});
    CHECK(labels[4][0].is_special);
    CHECK(!labels[4][1].is_special);
    CHECK(texts(labels[5]) == Texts{"0,0", "0,1", "1,0", "end", "end"});
    CHECK(labels[5][4].is_special);
    CHECK(texts(labels[6]) == Texts{"0", "1"});
}

TEST_CASE("a decoder begins as its model says, or as the ids say") {
    const InputLimits limits{"here", 0, 10};
    const auto ids = [](const Encoding& tokens) {
        std::vector<int> numbers;
        for (const Token& token : tokens) numbers.push_back(token.id);
        return numbers;
    };
    using Ids = std::vector<int>;
    ModelInput input;
    CHECK(ids(read_target(input, nullptr, {2, 0}, limits)) == Ids{2, 0});
    input.target_ids = {4, 5, 6};
    CHECK(ids(read_target(input, nullptr, {2, 0}, limits)) == Ids{4, 5, 6});
    const TempDir folder;
    const auto model = open_tiny_bert(folder, kVocabulary);
    input.target = "a bs";
    const InputLimits words{"here", 0, 11};
    CHECK(ids(read_target(input, model->tokenizer().get(), {2}, words)) == Ids{2, 5, 6, 9});
    const auto refuse = [&](const ModelInput& bad, const std::vector<int>& start) {
        return message_of([&] { read_target(bad, nullptr, start, limits); });
    };
    CHECK(find_flaw(refuse(input, {2}), {"here", "tokenizer", "none"}) == "");
    CHECK(find_flaw(refuse({}, {}), {"target", "at least one id", "none"}) == "");
    input.target.reset();
    input.target_ids = {4, 10};
    CHECK(find_flaw(refuse(input, {2}), {"position 1", "0 to 9", "10"}) == "");
}

TEST_CASE("a memory is a text, ids or nothing") {
    const TempDir folder;
    const auto model = open_tiny_bert(folder, kVocabulary);
    const InputLimits limits{"here", 0, 11};
    ModelInput input;
    CHECK(read_memory(input, nullptr, limits).empty());
    input.memory_ids = {4, 10};
    CHECK(read_memory(input, nullptr, limits)[1].id == 10);
    input.memory_ids = {11};
    CHECK(find_flaw(message_of([&] { read_memory(input, nullptr, limits); }),
                    {"position 0", "0 to 10", "11"}) == "");
    input.memory = "b a";
    const Encoding read = read_memory(input, model->tokenizer().get(), limits);
    REQUIRE(read.size() == 2);  // without [CLS] and [SEP]
    CHECK(read[0].id == 6);
    CHECK(read[0].end == 1);
    CHECK(find_flaw(message_of([&] { read_memory(input, nullptr, limits); }), {"tokenizer"}) == "");
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
