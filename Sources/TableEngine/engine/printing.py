"""The job `print`: a page of HTML that needs nothing else becomes a PDF."""

import os


def print_page(job, limits):
    try:
        import weasyprint
    except OSError as error:
        # Its libraries of the system are loaded when it is imported.
        raise ImportError(str(error), name="weasyprint") from error

    def nothing(url, *_, **__):
        raise ValueError(f"a page to print refers to {url[:100]}")

    with open(job["page"], encoding="utf-8") as file:
        document = weasyprint.HTML(string=file.read(), url_fetcher=nothing).render()
    document.write_pdf(job["output"], pdf_tags=True)
    return {"bytes": os.path.getsize(job["output"]), "pages": len(document.pages)}
