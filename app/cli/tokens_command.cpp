// `heed tokens`: a text as the model sees it.
#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"

namespace heed::app {
namespace {

struct Options {
    InputOptions input;
    std::string file;
    bool is_target = false;  // as an encoder-decoder's decoder is given it
    bool json = false;
};

struct TokensRequest {
    std::string text;
    std::optional<std::string> pair;
    bool add_special = true;
};

std::shared_ptr<const Tokenizer> open_tokenizer(const std::string& name) {
    const std::filesystem::path path = resolve_model(name);
    std::shared_ptr<const Tokenizer> tokenizer = load_tokenizer(path);
    if (tokenizer == nullptr) {
        throw Error(path.string(), "",
                    "tokenizer.json, vocab.txt, vocab.json and merges.txt, or a .model",
                    "none of them");
    }
    return tokenizer;
}

std::string decode_encoding(const Tokenizer& tokenizer, const Encoding& encoding) {
    std::vector<int> ids;
    for (const Token& token : encoding) ids.push_back(token.id);
    return tokenizer.decode(ids);
}

// `text`, which is UTF-8, as a JSON string at the end of `out`.
void append_json_string(std::string& out, std::string_view text) {
    static constexpr std::string_view kShort = "\b\t\n\f\r\"\\";
    static constexpr std::string_view kShortNames = "btnfr\"\\";
    out += '"';
    for (const char c : text) {
        const std::size_t place = kShort.find(c);
        if (place != std::string_view::npos) {
            out += '\\';
            out += kShortNames[place];
        } else if (static_cast<unsigned char>(c) < 0x20) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    out += '"';
}

// A list of what add(token) appends for each token.
template <class Add>
void append_list(std::string& out, std::string_view name, const Encoding& encoding,
                 const Add& add) {
    out += fmt::format("\"{}\":[", name);
    for (const Token& token : encoding) {
        if (&token != &encoding.front()) out += ',';
        add(token);
    }
    out += "],";
}

// One line of JSON. Written by hand: files have millions of tokens.
std::string encoding_json(const Tokenizer& tokenizer, const Encoding& encoding) {
    std::string out = "{";
    const auto add_number = [&out](auto number) { out += fmt::format_int(number).c_str(); };
    append_list(out, "ids", encoding, [&](const Token& token) { add_number(token.id); });
    append_list(out, "tokens", encoding,
                [&](const Token& token) { append_json_string(out, token.piece); });
    append_list(out, "offsets", encoding, [&](const Token& token) {
        out += '[';
        add_number(token.begin);
        out += ',';
        add_number(token.end);
        out += ']';
    });
    append_list(out, "type_ids", encoding, [&](const Token& token) { add_number(token.type_id); });
    out += "\"decoded\":";
    append_json_string(out, decode_encoding(tokenizer, encoding));
    return out + "}\n";
}

TokensRequest parse_request(const Json& json, const std::string& where, bool add_special) {
    TokensRequest request;
    request.add_special = add_special;
    if (json.is_string()) {
        request.text = json.string;
        return request;
    }
    if (!json.is_object()) {
        throw Error(where, "", "a string or an object {text, pair, add_special}", json.describe());
    }
    const JsonReader reader(json, where);
    request.text = reader.get_string("text", std::nullopt);
    if (reader.has("pair")) request.pair = reader.get_string("pair", std::nullopt);
    request.add_special = reader.get_bool("add_special", add_special);
    return request;
}

Encoding encode(const Tokenizer& tokenizer, const TokensRequest& request) {
    std::optional<std::string_view> pair;
    if (request.pair) pair = *request.pair;
    return tokenizer.encode(request.text, pair, request.add_special);
}

// Lines end in \n alone: texts may hold any other line separator. `add_special` for lines that do
// not say it.
void tokenise_file(const Tokenizer& tokenizer, const std::string& path, bool add_special) {
    const MappedFile file(path);
    std::string_view rest = file.text();
    int line = 0;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view text = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        ++line;
        if (text.empty()) continue;
        const std::string where = fmt::format("{}:{}", path, line);
        const TokensRequest request = parse_request(parse_json(text, where), where, add_special);
        const Encoding encoding = encode(tokenizer, request);
        std::cout << encoding_json(tokenizer, encoding);
    }
}

void print_table(const Tokenizer& tokenizer, const Encoding& encoding) {
    fmt::print("{:>4} {:>7}  {:<20} {:>11}  {}\n", "", "id", "piece", "bytes", "type");
    int position = 0;
    for (const Token& token : encoding) {
        const std::string bytes =
            token.text < 0 ? "added" : fmt::format("{}..{}", token.begin, token.end);
        fmt::print("{:>4} {:>7}  {:<20} {:>11}  {}\n", position++, token.id, one_line(token.piece),
                   bytes, token.type_id);
    }
    fmt::print("decoded: {}\n", one_line(decode_encoding(tokenizer, encoding), 4000));
}

void run_tokens(const Options& options) {
    const std::shared_ptr<const Tokenizer> opened = open_tokenizer(options.input.model);
    const Tokenizer& tokenizer = options.is_target ? opened->target() : *opened;
    if (!options.file.empty()) {
        tokenise_file(tokenizer, options.file, !options.input.no_special);
        return;
    }
    if (!options.input.has_text) throw UsageError("a text is missing: --text or --file");
    TokensRequest request;
    request.text = options.input.text;
    if (options.input.has_pair) request.pair = options.input.pair;
    request.add_special = !options.input.no_special;
    const Encoding encoding = encode(tokenizer, request);
    if (options.json) {
        std::cout << encoding_json(tokenizer, encoding);
    } else {
        print_table(tokenizer, encoding);
    }
}

}  // namespace

void add_tokens_command(CLI::App& app, int& /*status*/) {
    CLI::App* command = app.add_subcommand("tokens", "A text as pieces, ids and byte offsets");
    auto options = std::make_shared<Options>();
    InputOptions& input = options->input;
    add_model_option(*command, input);
    CLI::Option* text = command->add_option("--text", input.text, "The text");
    text->each([&input](const std::string&) { input.has_text = true; });
    command->add_option("--pair", input.pair, "A second text")
        ->each([&input](const std::string&) { input.has_pair = true; })
        ->needs(text);
    command->add_flag("--no-special", input.no_special, "Without the tokens that the model adds");
    command->add_flag("--target", options->is_target,
                      "As the text of an encoder-decoder's decoder (Marian spells it otherwise)");
    command
        ->add_option("--file", options->file,
                     "One JSON string or object {text, pair, add_special} a line; prints one JSON "
                     "object a line")
        ->excludes(text)
        ->type_name("FILE");
    add_json_option(*command, options->json);
    command->footer("Example:\n  heed tokens -m words --text \"Bark is very cute\"\n");
    command->callback([options] { run_tokens(*options); });
}

}  // namespace heed::app
